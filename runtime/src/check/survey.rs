//! One walk over the syntax tree that gathers what the rules ask about.
//!
//! The rules then read like the contract they hold, without a line of tree walking.

use oxc_ast::ast::*;
use oxc_ast_visit::{Visit, walk};
use oxc_semantic::{ScopeFlags, Scoping, SymbolId};
use oxc_span::{GetSpan, Span};

use super::{Place, place};

/// The name every lambda has.
pub(super) const LAMBDA: &str = "lambda";

/// What a name may be bound to.
pub(super) enum Value {
    /// A function written out right there.
    Function(FunctionFacts),
    /// Certainly no function; what it is instead.
    Other(&'static str),
    /// Declared without a value.
    Nothing,
    /// Cannot be told without running the source: `wrap(fn)`, `a ? b : c`.
    Unknown,
}

/// What the contract asks about a function.
pub(super) struct FunctionFacts {
    pub(super) is_async: bool,
    pub(super) is_generator: bool,
    /// From `function` or the parameters to the opening of the body.
    pub(super) head: Place,
    pub(super) callback: Callback,
    /// `return expression` in its own body, or a body that is an expression.
    pub(super) returns_value: bool,
}

/// The second parameter.
pub(super) enum Callback {
    /// There is none, and `arguments` is not read either.
    Missing,
    /// It is read, or may be: through `arguments`, a rest parameter, a pattern, a default or `eval`.
    Used,
    /// A plain name that nothing reads.
    Unused { name: String, at: Place },
}

/// Something at top level that is bound to, or assigned, a value.
pub(super) struct Binding {
    pub(super) name: String,
    pub(super) at: Place,
    pub(super) value: Value,
}

/// A function that is offered the way of another platform: `exports.handler = …`, `module.exports = …`.
pub(super) struct Export {
    /// As the source writes it.
    pub(super) target: String,
    pub(super) at: Place,
}

/// `import …` or `export …`.
pub(super) struct ModuleSyntax {
    pub(super) at: Place,
    pub(super) keyword: &'static str,
    pub(super) hint: String,
}

/// A call of `require` with a constant name.
pub(super) struct Require {
    pub(super) module: String,
    pub(super) at: Place,
}

/// A statement that does nothing but call a function by its name, inside an async function.
pub(super) struct BareCall {
    pub(super) callee: SymbolId,
    pub(super) at: Place,
}

/// Everything the rules need to know about a source.
pub(super) struct Survey<'s> {
    scoping: &'s Scoping,
    /// No statement and no directive.
    pub(super) is_empty: bool,
    /// What `lambda` is declared as or assigned, in order.
    pub(super) lambdas: Vec<Binding>,
    /// The other functions at top level.
    pub(super) functions: Vec<Binding>,
    /// Functions named `lambda` that are not at top level.
    pub(super) nested_lambdas: Vec<Place>,
    pub(super) exports: Vec<Export>,
    pub(super) module_syntax: Vec<ModuleSyntax>,
    /// `await` and `for await` outside of any function.
    pub(super) top_level_awaits: Vec<Place>,
    pub(super) requires: Vec<Require>,
    pub(super) bare_calls: Vec<BareCall>,
    /// Symbols of async functions that are never anything else.
    pub(super) async_functions: Vec<SymbolId>,
    /// Names that become global through `globalThis.name = …` or that the source asks for with `typeof name`.
    pub(super) excused_globals: Vec<String>,
    /// `with` or a direct `eval`: names may come from anywhere.
    pub(super) has_dynamic_scope: bool,
    /// Syntax that the parser knows and the engine does not.
    pub(super) beyond_engine: Vec<(Place, &'static str)>,
    /// For every function around the current node: is it async?
    inside: Vec<bool>,
}

impl<'s> Survey<'s> {
    pub(super) fn of(program: &Program<'_>, scoping: &'s Scoping) -> Self {
        let mut survey = Self {
            scoping,
            is_empty: program.body.is_empty() && program.directives.is_empty(),
            lambdas: Vec::new(),
            functions: Vec::new(),
            nested_lambdas: Vec::new(),
            exports: Vec::new(),
            module_syntax: Vec::new(),
            top_level_awaits: Vec::new(),
            requires: Vec::new(),
            bare_calls: Vec::new(),
            async_functions: Vec::new(),
            excused_globals: Vec::new(),
            has_dynamic_scope: false,
            beyond_engine: Vec::new(),
            inside: Vec::new(),
        };
        survey.visit_program(program);
        survey
    }

    fn at_top_level(&self) -> bool {
        self.inside.is_empty()
    }

    /// Notes a declaration or assignment of `name`.
    fn bind(&mut self, name: &str, at: Place, value: Value) {
        let binding = Binding { name: name.to_owned(), at, value };
        if name == LAMBDA {
            self.lambdas.push(binding);
        } else if matches!(binding.value, Value::Function(_)) {
            self.functions.push(binding);
        }
    }

    fn declared_at_root(&self, id: &BindingIdentifier<'_>) -> bool {
        id.symbol_id
            .get()
            .is_some_and(|symbol| self.scoping.symbol_scope_id(symbol) == self.scoping.root_scope_id())
    }

    /// Whether a reference means the global of its name, or the binding at the root.
    fn means_root(&self, id: &IdentifierReference<'_>) -> bool {
        let symbol =
            id.reference_id.get().and_then(|reference| self.scoping.get_reference(reference).symbol_id());
        symbol.is_none_or(|symbol| self.scoping.symbol_scope_id(symbol) == self.scoping.root_scope_id())
    }

    fn means_global(&self, id: &IdentifierReference<'_>, names: &[&str]) -> bool {
        names.contains(&id.name.as_str())
            && id
                .reference_id
                .get()
                .is_none_or(|reference| self.scoping.get_reference(reference).symbol_id().is_none())
    }

    fn is_read(&self, symbol: SymbolId) -> bool {
        self.scoping.get_resolved_references(symbol).any(|reference| reference.is_read())
    }

    /// What an expression's value is, as far as it can be told.
    fn value(&self, expression: &Expression<'_>) -> Value {
        match expression.without_parentheses() {
            Expression::FunctionExpression(function) => Value::Function(self.function(function)),
            Expression::ArrowFunctionExpression(arrow) => Value::Function(self.arrow(arrow)),
            Expression::AssignmentExpression(assignment)
                if assignment.operator == AssignmentOperator::Assign =>
            {
                self.value(&assignment.right)
            }
            Expression::SequenceExpression(sequence) => {
                sequence.expressions.last().map_or(Value::Unknown, |last| self.value(last))
            }
            Expression::ClassExpression(_) => Value::Other("a class"),
            Expression::ObjectExpression(_) => Value::Other("an object"),
            Expression::ArrayExpression(_) => Value::Other("an array"),
            Expression::StringLiteral(_) | Expression::TemplateLiteral(_) => Value::Other("a string"),
            Expression::NumericLiteral(_) | Expression::BigIntLiteral(_) => Value::Other("a number"),
            Expression::UpdateExpression(_) => Value::Other("a number"),
            Expression::BooleanLiteral(_) => Value::Other("a boolean"),
            Expression::NullLiteral(_) => Value::Other("`null`"),
            Expression::RegExpLiteral(_) => Value::Other("a regular expression"),
            Expression::Identifier(id) if self.means_global(id, &["undefined", "NaN", "Infinity"]) => {
                Value::Nothing
            }
            Expression::UnaryExpression(unary) => match unary.operator {
                UnaryOperator::Void => Value::Nothing,
                UnaryOperator::Typeof => Value::Other("a string"),
                UnaryOperator::LogicalNot | UnaryOperator::Delete => Value::Other("a boolean"),
                _ => Value::Other("a number"),
            },
            Expression::BinaryExpression(_) => Value::Other("the result of an operator"),
            _ => Value::Unknown,
        }
    }

    fn function(&self, function: &Function<'_>) -> FunctionFacts {
        let mut body = BodyFacts::default();
        body.visit_formal_parameters(&function.params);
        if let Some(statements) = &function.body {
            body.visit_function_body(statements);
        }
        FunctionFacts {
            is_async: function.r#async,
            is_generator: function.generator,
            head: (function.span.start as usize, function.params.span.end as usize),
            callback: self.callback(&function.params, body.reads_arguments),
            returns_value: body.returns_value,
        }
    }

    fn arrow(&self, arrow: &ArrowFunctionExpression<'_>) -> FunctionFacts {
        // An arrow has no `arguments`, but a direct `eval` in it can read its parameters.
        let mut body = BodyFacts::default();
        body.visit_formal_parameters(&arrow.params);
        walk::walk_arrow_function_body(&mut body, &arrow.body);
        FunctionFacts {
            is_async: arrow.r#async,
            is_generator: false,
            head: (arrow.span.start as usize, arrow.params.span.end as usize),
            callback: self.callback(&arrow.params, body.has_eval),
            returns_value: body.returns_value || arrow.is_expression(),
        }
    }

    fn callback(&self, params: &FormalParameters<'_>, read_indirectly: bool) -> Callback {
        if read_indirectly {
            return Callback::Used;
        }
        let Some(second) = params.items.get(1) else {
            return if params.rest.is_some() { Callback::Used } else { Callback::Missing };
        };
        match &second.pattern {
            BindingPattern::BindingIdentifier(id) if second.initializer.is_none() => match id.symbol_id.get()
            {
                Some(symbol) if !self.is_read(symbol) => {
                    Callback::Unused { name: id.name.to_string(), at: place(id.span) }
                }
                _ => Callback::Used,
            },
            _ => Callback::Used,
        }
    }

    /// Names of functions that an object literal offers, `{ lambda, handler: …, run() {} }`.
    fn offered(object: &ObjectExpression<'_>) -> Option<(String, Place)> {
        object.properties.iter().find_map(|property| match property {
            ObjectPropertyKind::ObjectProperty(property) if !property.computed && !property.shorthand => {
                let name = property.key.static_name()?.to_string();
                written_out(&property.value).map(|_| (name, place(property.key.span())))
            }
            _ => None,
        })
    }

    /// `target.name = value`.
    fn assign_member(&mut self, member: &StaticMemberExpression<'_>, right: &Expression<'_>) {
        let at = place(member.span);
        let name = member.property.name.as_str();
        let global = match member.object.without_parentheses() {
            Expression::ThisExpression(_) => self.at_top_level(),
            Expression::Identifier(id) => self.means_global(id, &["globalThis", "global"]),
            _ => false,
        };
        if global {
            self.excused_globals.push(name.to_owned());
            if name == LAMBDA {
                let value = if self.at_top_level() { self.value(right) } else { Value::Unknown };
                self.bind(name, at, value);
            }
            return;
        }
        if !self.at_top_level() {
            return;
        }
        let is_function = written_out(right).is_some();
        match member.object.without_parentheses() {
            Expression::Identifier(id) if self.means_global(id, &["exports"]) && is_function => {
                self.exports.push(Export { target: format!("exports.{name}"), at });
            }
            Expression::Identifier(id) if self.means_global(id, &["module"]) && name == "exports" => {
                if is_function {
                    self.exports.push(Export { target: "module.exports".to_owned(), at });
                } else if let Expression::ObjectExpression(object) = right.without_parentheses()
                    && let Some((name, at)) = Self::offered(object)
                {
                    self.exports.push(Export { target: format!("module.exports.{name}"), at });
                }
            }
            Expression::StaticMemberExpression(inner)
                if inner.property.name == "exports"
                    && matches!(&inner.object, Expression::Identifier(id) if self.means_global(id, &["module"]))
                    && is_function =>
            {
                self.exports.push(Export { target: format!("module.exports.{name}"), at });
            }
            _ => {}
        }
    }

    fn module_syntax(&mut self, span: Span, keyword: &'static str, hint: String) {
        let start = span.start as usize;
        self.module_syntax.push(ModuleSyntax { at: (start, start + keyword.len()), keyword, hint });
    }

    fn note_async(&mut self, id: &BindingIdentifier<'_>, is_async: bool) {
        if let (true, Some(symbol)) = (is_async, id.symbol_id.get()) {
            let only_this = self.scoping.symbol_redeclarations(symbol).is_empty()
                && !self.scoping.get_resolved_references(symbol).any(|reference| reference.is_write());
            if only_this {
                self.async_functions.push(symbol);
            }
        }
    }
}

impl<'a> Visit<'a> for Survey<'_> {
    fn visit_function(&mut self, function: &Function<'a>, flags: ScopeFlags) {
        if let Some(id) = &function.id
            && function.is_declaration()
        {
            // A function declared in a block at top level is visible outside of it, too (sloppy mode).
            if self.at_top_level() {
                let facts = self.function(function);
                self.bind(id.name.as_str(), place(id.span), Value::Function(facts));
            } else if id.name == LAMBDA {
                self.nested_lambdas.push(place(id.span));
            }
            self.note_async(id, function.r#async && !function.generator);
        } else if let Some(id) = &function.id
            && id.name == LAMBDA
        {
            // `module.exports = function lambda() {}`: the name is visible in the function only.
            self.nested_lambdas.push(place(id.span));
        }
        self.inside.push(function.r#async);
        walk::walk_function(self, function, flags);
        self.inside.pop();
    }

    fn visit_arrow_function_expression(&mut self, arrow: &ArrowFunctionExpression<'a>) {
        self.inside.push(arrow.r#async);
        walk::walk_arrow_function_expression(self, arrow);
        self.inside.pop();
    }

    fn visit_class(&mut self, class: &Class<'a>) {
        if let Some(id) = &class.id
            && class.is_declaration()
            && self.at_top_level()
        {
            self.bind(id.name.as_str(), place(id.span), Value::Other("a class"));
        }
        walk::walk_class(self, class);
    }

    fn visit_variable_declarator(&mut self, declarator: &VariableDeclarator<'a>) {
        if let BindingPattern::BindingIdentifier(id) = &declarator.id {
            let written_out = declarator.init.as_ref().and_then(written_out);
            self.note_async(id, written_out == Some(Kind::Async));
            if self.at_top_level() && self.declared_at_root(id) {
                let value = declarator.init.as_ref().map_or(Value::Nothing, |init| self.value(init));
                self.bind(id.name.as_str(), place(id.span), value);
            } else if id.name == LAMBDA && written_out.is_some() {
                self.nested_lambdas.push(place(id.span));
            }
        } else if self.at_top_level() {
            for id in declarator.id.get_binding_identifiers() {
                self.bind(id.name.as_str(), place(id.span), Value::Unknown);
            }
        }
        walk::walk_variable_declarator(self, declarator);
    }

    fn visit_assignment_expression(&mut self, assignment: &AssignmentExpression<'a>) {
        match &assignment.left {
            AssignmentTarget::AssignmentTargetIdentifier(id) if id.name == LAMBDA && self.means_root(id) => {
                // Within a function it happens later or never; a compound assignment depends on what was there.
                let certain = self.at_top_level() && assignment.operator == AssignmentOperator::Assign;
                let value = if certain { self.value(&assignment.right) } else { Value::Unknown };
                self.bind(LAMBDA, place(id.span), value);
            }
            AssignmentTarget::StaticMemberExpression(member) => self.assign_member(member, &assignment.right),
            _ => {}
        }
        walk::walk_assignment_expression(self, assignment);
    }

    fn visit_assignment_target_property_identifier(
        &mut self,
        property: &AssignmentTargetPropertyIdentifier<'a>,
    ) {
        if property.binding.name == LAMBDA && self.means_root(&property.binding) {
            self.bind(LAMBDA, place(property.span), Value::Unknown);
        }
        walk::walk_assignment_target_property_identifier(self, property);
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        if let Expression::Identifier(id) = &call.callee {
            if self.means_global(id, &["eval"]) {
                self.has_dynamic_scope = true;
            }
            // `await (x)` outside of async functions reads as a call of something named `await`.
            if self.means_global(id, &["await"]) && self.at_top_level() {
                self.top_level_awaits.push(place(id.span));
            }
            if self.means_global(id, &["require"]) {
                let module = match call.arguments.first() {
                    Some(Argument::StringLiteral(text)) => Some(text.value.as_str()),
                    Some(Argument::TemplateLiteral(text)) => text.single_quasi().map(|quasi| quasi.as_str()),
                    _ => None,
                };
                if let Some(module) = module {
                    let at = call.arguments.first().map_or(call.span, GetSpan::span);
                    self.requires.push(Require { module: module.to_owned(), at: place(at) });
                }
            }
        }
        walk::walk_call_expression(self, call);
    }

    fn visit_expression_statement(&mut self, statement: &ExpressionStatement<'a>) {
        if self.inside.last() == Some(&true)
            && let Expression::CallExpression(call) = statement.expression.without_parentheses()
            && let Expression::Identifier(id) = &call.callee
            && let Some(callee) =
                id.reference_id.get().and_then(|reference| self.scoping.get_reference(reference).symbol_id())
        {
            self.bare_calls.push(BareCall { callee, at: place(call.span) });
        }
        walk::walk_expression_statement(self, statement);
    }

    fn visit_unary_expression(&mut self, unary: &UnaryExpression<'a>) {
        if unary.operator == UnaryOperator::Typeof
            && let Expression::Identifier(id) = unary.argument.without_parentheses()
        {
            self.excused_globals.push(id.name.to_string());
        }
        walk::walk_unary_expression(self, unary);
    }

    fn visit_await_expression(&mut self, expression: &AwaitExpression<'a>) {
        if self.at_top_level() {
            let start = expression.span.start as usize;
            self.top_level_awaits.push((start, start + "await".len()));
        }
        walk::walk_await_expression(self, expression);
    }

    fn visit_for_of_statement(&mut self, statement: &ForOfStatement<'a>) {
        if statement.r#await && self.at_top_level() {
            let start = statement.span.start as usize;
            self.top_level_awaits.push((start, start + "for await".len()));
        }
        walk::walk_for_of_statement(self, statement);
    }

    fn visit_with_statement(&mut self, statement: &WithStatement<'a>) {
        self.has_dynamic_scope = true;
        walk::walk_with_statement(self, statement);
    }

    fn visit_decorator(&mut self, decorator: &Decorator<'a>) {
        self.beyond_engine.push((place(decorator.span), "decorators"));
        walk::walk_decorator(self, decorator);
    }

    fn visit_accessor_property(&mut self, property: &AccessorProperty<'a>) {
        self.beyond_engine.push((place(property.span), "`accessor` properties"));
        walk::walk_accessor_property(self, property);
    }

    fn visit_import_declaration(&mut self, import: &ImportDeclaration<'a>) {
        self.module_syntax(import.span, "import", instead_of_import(import));
        walk::walk_import_declaration(self, import);
    }

    fn visit_export_declaration(&mut self, export: &ExportDeclaration<'a>) {
        let hint = match export.declaration.id().map(|id| id.name.as_str()) {
            Some(LAMBDA) => "leave out `export`: `lambda` is found by its name".to_owned(),
            Some(name) => format!("write `module.exports.{name} = {name}` at the end, or leave out `export`"),
            None => "leave out `export`; use `module.exports` where something reads it".to_owned(),
        };
        self.module_syntax(export.span, "export", hint);
        walk::walk_export_declaration(self, export);
    }

    fn visit_export_default_declaration(&mut self, export: &ExportDefaultDeclaration<'a>) {
        let hint = match &export.declaration {
            ExportDefaultDeclarationKind::FunctionDeclaration(function) if function.id.is_none() => {
                "declare it as `function lambda(input, callback) { … }`, without `export default`"
            }
            ExportDefaultDeclarationKind::FunctionDeclaration(_) => {
                "leave out `export default`: a function named `lambda` is found by its name"
            }
            _ => "write `module.exports = …` instead; a function named `lambda` is found by its name",
        };
        self.module_syntax(export.span, "export", hint.to_owned());
        walk::walk_export_default_declaration(self, export);
    }

    fn visit_export_named_declaration(&mut self, export: &ExportNamedDeclaration<'a>) {
        let hint = "write `module.exports = { … }` instead; a function named `lambda` is found by its name";
        self.module_syntax(export.span, "export", hint.to_owned());
        walk::walk_export_named_declaration(self, export);
    }

    fn visit_export_from_declaration(&mut self, export: &ExportFromDeclaration<'a>) {
        self.module_syntax(export.span, "export", "write `module.exports = require(…)` instead".to_owned());
        walk::walk_export_from_declaration(self, export);
    }

    fn visit_export_all_declaration(&mut self, export: &ExportAllDeclaration<'a>) {
        self.module_syntax(export.span, "export", "write `module.exports = require(…)` instead".to_owned());
        walk::walk_export_all_declaration(self, export);
    }
}

/// How a function that is written out runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Async,
    /// Also generators: calling one runs nothing, so there is nothing to await.
    Other,
}

/// Whether an expression is a function written out right there; without looking into it.
fn written_out(expression: &Expression<'_>) -> Option<Kind> {
    let is_async = match expression.without_parentheses() {
        Expression::FunctionExpression(function) => function.r#async && !function.generator,
        Expression::ArrowFunctionExpression(arrow) => arrow.r#async,
        _ => return None,
    };
    Some(if is_async { Kind::Async } else { Kind::Other })
}

/// The `require` call that does what an `import` does.
fn instead_of_import(import: &ImportDeclaration<'_>) -> String {
    let module = import.source.value.as_str();
    let mut names = Vec::new();
    let mut whole = None;
    for specifier in import.specifiers.iter().flatten() {
        match specifier {
            ImportDeclarationSpecifier::ImportSpecifier(specifier) => {
                let imported = specifier.imported.name();
                let local = specifier.local.name.as_str();
                if imported.as_str() == local {
                    names.push(local.to_owned());
                } else {
                    names.push(format!("{}: {local}", imported.as_str()));
                }
            }
            ImportDeclarationSpecifier::ImportDefaultSpecifier(specifier) => {
                whole = Some(specifier.local.name.to_string());
            }
            ImportDeclarationSpecifier::ImportNamespaceSpecifier(specifier) => {
                whole = Some(specifier.local.name.to_string());
            }
        }
    }
    let target = match (whole, names.is_empty()) {
        (Some(whole), _) => format!("const {whole} = "),
        (None, false) => format!("const {{ {} }} = ", names.join(", ")),
        (None, true) => String::new(),
    };
    format!("write `{target}require('{module}')` instead")
}

/// What one function's own body does; functions in it have their own.
#[derive(Default)]
struct BodyFacts {
    returns_value: bool,
    reads_arguments: bool,
    has_eval: bool,
    /// Arrow functions around the current node: they share `arguments`, but not `return`.
    in_arrow: usize,
}

impl<'a> Visit<'a> for BodyFacts {
    fn visit_function(&mut self, _: &Function<'a>, _: ScopeFlags) {}

    fn visit_arrow_function_expression(&mut self, arrow: &ArrowFunctionExpression<'a>) {
        self.in_arrow += 1;
        walk::walk_arrow_function_expression(self, arrow);
        self.in_arrow -= 1;
    }

    fn visit_return_statement(&mut self, statement: &ReturnStatement<'a>) {
        self.returns_value |= self.in_arrow == 0 && statement.argument.is_some();
        walk::walk_return_statement(self, statement);
    }

    fn visit_identifier_reference(&mut self, id: &IdentifierReference<'a>) {
        self.reads_arguments |= id.name == "arguments" || id.name == "eval";
        self.has_eval |= id.name == "eval";
    }
}
