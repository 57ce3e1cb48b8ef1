//! The engine's bytes and the form they are hosted in.
//!
//! The engine is one WebAssembly file. To host it, its data segments are taken out (images take their place) and
//! its mutable globals are exported, so that a freeze can prove they are back at their start. Its code is never
//! touched: what Cranelift compiles is what the hash names.

use sha2::{Digest, Sha256};
use wasm_encoder::{ExportKind, ExportSection, RawSection};
use wasmparser::{DataKind, ExternalKind, Operator, Parser, Payload};

use crate::{
    error::{ErrorCode, RuntimeError},
    image::EngineHash,
    memory::PAGE,
};

/// The engine this crate was built with.
pub(crate) const ENGINE: &[u8] = include_bytes!(env!("LAMBKIN_ENGINE_WASM"));

/// Bytes of a WebAssembly page.
const WASM_PAGE: u64 = 65_536;
/// Section numbers of the core specification.
const CUSTOM: u8 = 0;
const DATA: u8 = 11;
const DATA_COUNT: u8 = 12;
const EXPORT: u8 = 7;

/// No build has more of these; a file that does was made to cost memory.
const MAX_CUSTOM_SECTIONS: usize = 64;
const MAX_SEGMENTS: u32 = 100_000;

/// Name under which mutable global number `index` is exported in the hosted form.
pub(crate) fn global_export(index: u32) -> String {
    format!("lambkin_global_{index}")
}

/// The data segments of a module: where each goes and what it holds.
pub(crate) type Segments<'a> = Vec<(usize, &'a [u8])>;

/// A module taken apart as far as hosting needs it.
#[derive(Debug)]
pub(crate) struct Anatomy<'a> {
    /// SHA-256 over every section but data and custom ones: what the module *does*.
    pub(crate) code_hash: [u8; 32],
    /// Initial size of its one memory, in host pages.
    pub(crate) memory_pages: usize,
    /// Its active data segments.
    pub(crate) segments: Segments<'a>,
    /// Indices of its mutable globals.
    pub(crate) mutable_globals: Vec<u32>,
    /// Its custom sections.
    pub(crate) custom: Vec<(&'a str, &'a [u8])>,
    /// Every section in order: number and contents.
    pub(crate) sections: Vec<(u8, &'a [u8])>,
}

impl<'a> Anatomy<'a> {
    /// Takes a module apart.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::ModuleRefused`] when the bytes are not a core module of the expected build: one memory of its
    /// own, active data segments with constant offsets inside it, no start function.
    pub(crate) fn of(module: &'a [u8]) -> Result<Self, RuntimeError> {
        let refuse = |why: String| RuntimeError::new(ErrorCode::ModuleRefused, why);
        let mut anatomy = Anatomy {
            code_hash: [0; 32],
            memory_pages: 0,
            segments: Vec::new(),
            mutable_globals: Vec::new(),
            custom: Vec::new(),
            sections: Vec::new(),
        };
        let mut hash = Sha256::new();
        let mut memories = 0;
        for payload in Parser::new(0).parse_all(module) {
            let payload = payload.map_err(|e| refuse(format!("the module is damaged: {e}")))?;
            if let Some((id, range)) = payload.as_section() {
                // A code section's length is only promised by its head.
                let contents = module
                    .get(range)
                    .ok_or_else(|| refuse("the module is damaged: it is cut short".to_owned()))?;
                anatomy.sections.push((id, contents));
                if id != CUSTOM && id != DATA && id != DATA_COUNT {
                    hash.update([id]);
                    hash.update((contents.len() as u64).to_le_bytes());
                    hash.update(contents);
                }
            }
            match payload {
                Payload::MemorySection(section) => {
                    for memory in section {
                        let memory = memory.map_err(|e| refuse(format!("the module is damaged: {e}")))?;
                        memories += 1;
                        if memory.initial > 65_536 {
                            return Err(refuse("the module's memory is larger than 4 GiB".to_owned()));
                        }
                        anatomy.memory_pages = (memory.initial * WASM_PAGE) as usize / PAGE;
                    }
                }
                Payload::GlobalSection(section) => {
                    for (index, global) in section.into_iter().enumerate() {
                        let global = global.map_err(|e| refuse(format!("the module is damaged: {e}")))?;
                        if global.ty.mutable {
                            anatomy.mutable_globals.push(index as u32);
                        }
                    }
                }
                Payload::DataSection(section) => {
                    if section.count() > MAX_SEGMENTS {
                        return Err(refuse(format!("the module has more than {MAX_SEGMENTS} data segments")));
                    }
                    for segment in section {
                        let segment = segment.map_err(|e| refuse(format!("the module is damaged: {e}")))?;
                        let place = match &segment.kind {
                            DataKind::Active { memory_index: 0, offset_expr } => constant(offset_expr),
                            _ => None,
                        };
                        let place = place.ok_or_else(|| {
                            refuse("the module has a data segment without a fixed place".to_owned())
                        })?;
                        anatomy.segments.push((place, segment.data));
                    }
                }
                Payload::StartSection { .. } => {
                    return Err(refuse("the module has a start function".to_owned()));
                }
                Payload::CustomSection(section) => {
                    if anatomy.custom.len() == MAX_CUSTOM_SECTIONS {
                        return Err(refuse(format!(
                            "the module has more than {MAX_CUSTOM_SECTIONS} custom sections"
                        )));
                    }
                    anatomy.custom.push((section.name(), section.data()));
                }
                Payload::Version { encoding: wasmparser::Encoding::Component, .. } => {
                    return Err(refuse("the file is a component, not a core module".to_owned()));
                }
                _ => {}
            }
        }
        if memories != 1 {
            return Err(refuse(format!("the module has {memories} memories of its own, not one")));
        }
        let end = anatomy.memory_pages * PAGE;
        if anatomy.segments.iter().any(|(at, data)| at.checked_add(data.len()).is_none_or(|to| to > end)) {
            return Err(refuse("the module has a data segment outside its memory".to_owned()));
        }
        anatomy.code_hash = hash.finalize().into();
        Ok(anatomy)
    }

    /// The memory as the data segments fill it.
    pub(crate) fn memory(&self) -> Vec<u8> {
        let mut memory = vec![0; self.memory_pages * PAGE];
        for (at, data) in &self.segments {
            memory[*at..*at + data.len()].copy_from_slice(data);
        }
        memory
    }

    /// The form that is compiled and hosted: no data, no names, mutable globals exported.
    pub(crate) fn hosted(&self) -> Result<Vec<u8>, RuntimeError> {
        let mut module = wasm_encoder::Module::new();
        for (id, contents) in &self.sections {
            match *id {
                // A count without segments; an engine that needs it at run time does not validate without.
                CUSTOM | DATA | DATA_COUNT => {}
                EXPORT => {
                    module.section(&self.exports(contents)?);
                }
                id => {
                    module.section(&RawSection { id, data: contents });
                }
            }
        }
        Ok(module.finish())
    }

    fn exports(&self, contents: &[u8]) -> Result<ExportSection, RuntimeError> {
        let broken = |e| RuntimeError::internal("cannot read the engine's exports", e);
        let mut section = ExportSection::new();
        let reader = wasmparser::BinaryReader::new(contents, 0);
        for export in wasmparser::ExportSectionReader::new(reader).map_err(broken)? {
            let export = export.map_err(broken)?;
            let kind = match export.kind {
                ExternalKind::Func => ExportKind::Func,
                ExternalKind::Table => ExportKind::Table,
                ExternalKind::Memory => ExportKind::Memory,
                ExternalKind::Global => ExportKind::Global,
                other => {
                    return Err(RuntimeError::internal(
                        "unexpected export of the engine",
                        format!("{other:?}"),
                    ));
                }
            };
            section.export(export.name, kind, export.index);
        }
        for index in &self.mutable_globals {
            section.export(&global_export(*index), ExportKind::Global, *index);
        }
        Ok(section)
    }
}

/// The value of a constant `i32` offset.
fn constant(offset: &wasmparser::ConstExpr<'_>) -> Option<usize> {
    let mut reader = offset.get_operators_reader();
    match reader.read().ok()? {
        Operator::I32Const { value } => Some(value as u32 as usize),
        _ => None,
    }
}

/// The hash of an engine file.
pub(crate) fn hash(engine: &[u8]) -> EngineHash {
    EngineHash(Sha256::digest(engine).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What makes an image complete: memory and nothing else changes while the engine runs.
    #[test]
    fn the_engine_never_writes_its_table_and_copies_no_segments() {
        let mut bodies = 0;
        for payload in Parser::new(0).parse_all(ENGINE) {
            match payload.unwrap() {
                Payload::CodeSectionEntry(body) => {
                    bodies += 1;
                    for op in body.get_operators_reader().unwrap() {
                        let op = op.unwrap();
                        assert!(
                            !matches!(
                                op,
                                Operator::TableSet { .. }
                                    | Operator::TableGrow { .. }
                                    | Operator::TableFill { .. }
                                    | Operator::TableCopy { .. }
                                    | Operator::TableInit { .. }
                                    | Operator::ElemDrop { .. }
                                    | Operator::MemoryInit { .. }
                                    | Operator::DataDrop { .. }
                            ),
                            "{op:?}"
                        );
                    }
                }
                Payload::StartSection { .. } => panic!("a start function would run at every thaw"),
                _ => {}
            }
        }
        assert!(bodies > 1000);
    }

    #[test]
    fn the_hosted_form_has_no_data_and_says_where_its_globals_are() {
        let engine = Anatomy::of(ENGINE).unwrap();
        let hosted = engine.hosted().unwrap();
        wasmparser::validate(&hosted).unwrap();
        let anatomy = Anatomy::of(&hosted).unwrap();
        assert!(anatomy.segments.is_empty() && anatomy.custom.is_empty());
        assert_eq!(anatomy.mutable_globals, engine.mutable_globals);
        assert!(!engine.mutable_globals.is_empty());
    }
}
