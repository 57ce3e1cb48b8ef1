//! The engine: the interpreter with our own JavaScript loaded, and the calls the host makes into it.

use std::cell::OnceCell;
use std::ffi::CStr;

use javy::quickjs::function::{Args, IntoArgs};
use javy::quickjs::{Ctx, Error, FromJs, Function, Object, Persistent, Value};
use lambkin_abi::{Status, error_code};

use crate::interpreter::{self, Interpreter};
use crate::{clock, console, event_loop, freeze, heap, host, json, library, mailbox, natives, node, random};

/// Our own JavaScript, in the order it is loaded. Each file is a function that is given the engine's object.
const FILES: [(&str, &str); 27] = [
    ("lambkin:primordials.js", include_str!("../js/primordials.js")),
    ("lambkin:errors.js", include_str!("../js/errors.js")),
    ("lambkin:console.js", include_str!("../js/console.js")),
    ("lambkin:timers.js", include_str!("../js/timers.js")),
    ("lambkin:callback.js", include_str!("../js/callback.js")),
    ("lambkin:process.js", include_str!("../js/process.js")),
    ("lambkin:text.js", include_str!("../js/text.js")),
    ("lambkin:clone.js", include_str!("../js/clone.js")),
    ("lambkin:intl_locales.js", include_str!("../js/intl_locales.js")),
    ("lambkin:intl_dates.js", include_str!("../js/intl_dates.js")),
    ("lambkin:intl_numbers.js", include_str!("../js/intl_numbers.js")),
    ("lambkin:intl_collation.js", include_str!("../js/intl_collation.js")),
    ("lambkin:operations.js", include_str!("../js/operations.js")),
    ("lambkin:events.js", include_str!("../js/events.js")),
    ("lambkin:signals.js", include_str!("../js/signals.js")),
    ("lambkin:pair_iterators.js", include_str!("../js/pair_iterators.js")),
    ("lambkin:forms.js", include_str!("../js/forms.js")),
    ("lambkin:form_bodies.js", include_str!("../js/form_bodies.js")),
    ("lambkin:body.js", include_str!("../js/body.js")),
    ("lambkin:headers.js", include_str!("../js/headers.js")),
    ("lambkin:fetch.js", include_str!("../js/fetch.js")),
    ("lambkin:core.js", include_str!("../js/core.js")),
    ("lambkin:require.js", include_str!("../js/require.js")),
    ("lambkin:request.js", include_str!("../js/request.js")),
    ("lambkin:toolbelt.js", include_str!("../js/toolbelt.js")),
    ("lambkin:conversations.js", include_str!("../js/conversations.js")),
    ("lambkin:clients.js", include_str!("../js/clients.js")),
];

/// The first file that uses Node's library.
const LIBRARY_USER: &str = "lambkin:core.js";

/// A lambda that walks the paths every lambda takes, so that what they create lazily is part of the base image.
const WARM_UP: (&CStr, &[u8]) = (
    c"async function lambda(input, callback) {
        console.info('warm', { a: [1, 'b', null] });
        await null;
        const { payload, headers } = input;
        try { JSON.parse('{'); } catch (error) { payload.list.push(error.message, error.stack); }
        clearTimeout(setTimeout(lambda, 1));
        setImmediate(() => callback(null, { headers, echo: JSON.stringify(payload), at: Date.now() }));
    }",
    b"{\"timestamp\":1,\"headers\":[{\"key\":\"a\",\"value\":\"b\"}],\"payload\":{\"name\":\"x\",\"list\":[1,2.5,true,null]}}\0",
);

thread_local! {
    static ENGINE: OnceCell<Engine> = const { OnceCell::new() };
}

struct Engine {
    interpreter: Interpreter,
    entries: Entries,
}

/// The functions of js/*.js that Rust calls.
pub struct Entries {
    invoke: Persistent<Function<'static>>,
    exhausted: Persistent<Function<'static>>,
    macrotask: Persistent<Function<'static>>,
    complete: Persistent<Function<'static>>,
    tick: Persistent<Function<'static>>,
    uncaught: Persistent<Function<'static>>,
    track_rejection: Persistent<Function<'static>>,
    report_rejections: Persistent<Function<'static>>,
    environment: Persistent<Function<'static>>,
    begin_top_level: Persistent<Function<'static>>,
    load: Persistent<Function<'static>>,
    end_top_level: Persistent<Function<'static>>,
    reset: Persistent<Function<'static>>,
    renew: Persistent<Function<'static>>,
}

impl Entries {
    fn find<'js>(ctx: &Ctx<'js>, object: &Object<'js>) -> Result<Self, Error> {
        let find = |name: &str| Ok::<_, Error>(Persistent::save(ctx, object.get::<_, Function<'js>>(name)?));
        Ok(Self {
            invoke: find("invoke")?,
            exhausted: find("exhausted")?,
            macrotask: find("macrotask")?,
            complete: find("complete")?,
            tick: find("tick")?,
            uncaught: find("uncaught")?,
            track_rejection: find("trackRejection")?,
            report_rejections: find("reportRejections")?,
            environment: find("environment")?,
            begin_top_level: find("beginTopLevel")?,
            load: find("load")?,
            end_top_level: find("endTopLevel")?,
            reset: find("reset")?,
            renew: find("renew")?,
        })
    }

    fn call<'js, A: IntoArgs<'js>, R: FromJs<'js>>(
        ctx: &Ctx<'js>,
        function: &Persistent<Function<'static>>,
        args: A,
    ) -> Result<R, Error> {
        let mut list = Args::new(ctx.clone(), args.num_args());
        args.into_args(&mut list)?;
        function.clone().restore(ctx)?.call_arg(list)
    }

    /// Runs the next timer or immediate; see js/timers.js for the answer.
    pub fn macrotask(&self, ctx: &Ctx<'_>) -> Result<f64, Error> {
        Self::call(ctx, &self.macrotask, ())
    }

    /// An operation has ended; `form` is `lambkin_abi::Completion`'s.
    pub fn complete<'js>(&self, ctx: &Ctx<'js>, id: u32, form: u32, answer: Value<'js>) -> Result<(), Error> {
        Self::call(ctx, &self.complete, (id, form, answer))
    }

    /// Runs the next `process.nextTick` callback; are there more?
    pub fn tick(&self, ctx: &Ctx<'_>) -> Result<bool, Error> {
        Self::call(ctx, &self.tick, ())
    }

    /// Nothing is left to run and there is no reply.
    pub fn exhausted(&self, ctx: &Ctx<'_>) -> Result<(), Error> {
        Self::call(ctx, &self.exhausted, ())
    }

    /// Logs the rejections nobody handled.
    pub fn report_rejections(&self, ctx: &Ctx<'_>) -> Result<(), Error> {
        Self::call(ctx, &self.report_rejections, ())
    }

    /// An error that reached the event loop.
    pub fn uncaught<'js>(&self, ctx: &Ctx<'js>, error: Value<'js>) {
        let is_out_of_memory = natives::is_out_of_memory(ctx.clone(), error.clone()) || heap::is_exhausted();
        if is_out_of_memory {
            heap::release_reserve();
        }
        if Self::call::<_, ()>(ctx, &self.uncaught, (error,)).is_ok() {
            return;
        }
        ctx.catch();
        if is_out_of_memory {
            natives::out_of_memory();
        } else {
            let code = error_code::CUSTOM_FAILURE;
            let message = "an error that could not be reported";
            mailbox::publish_string(format!("{{\"errorCode\":\"{code}\",\"errorMsg\":\"{message}\"}}"));
            mailbox::reply(Status::Failed);
        }
    }

    /// What the top level does from here on is noticed.
    pub fn begin_top_level(&self, ctx: &Ctx<'_>) -> Result<(), Error> {
        Self::call(ctx, &self.begin_top_level, ())
    }

    /// Runs a lambda's top level; was the lambda found?
    pub fn load<'js>(&self, ctx: &Ctx<'js>, wrapper: Value<'js>) -> Result<bool, Error> {
        Self::call(ctx, &self.load, (wrapper,))
    }

    /// What the top level left behind; it is forgotten.
    pub fn end_top_level<'js>(&self, ctx: &Ctx<'js>) -> Result<Object<'js>, Error> {
        Self::call(ctx, &self.end_top_level, ())
    }
}

/// Creates the engine. Its memory afterwards is the base image.
pub fn boot() {
    mailbox::prepare();
    let interpreter = Interpreter::new();
    let entries = interpreter.with(|ctx| match load_files(&ctx) {
        Ok(entries) => entries,
        Err(error) => panic!("{error}: {:?}", ctx.catch()),
    });
    let is_first = ENGINE.with(|engine| engine.set(Engine { interpreter, entries }).is_ok());
    assert!(is_first, "booted twice");
    with(|engine| {
        engine.interpreter.track_rejections(|ctx, promise, reason, is_handled| {
            with_entries(|entries| {
                let tracked = Entries::call(&ctx, &entries.track_rejection, (promise, reason, is_handled));
                match tracked {
                    Ok(are_any) => event_loop::rejections_tracked(are_any),
                    Err(_) => {
                        event_loop::rejection_lost();
                        drop(ctx.catch());
                    }
                }
            });
        });
        host::muted(|| warm_up(engine));
        engine.settle_memory();
    });
}

fn load_files(ctx: &Ctx<'_>) -> Result<Entries, Error> {
    json::install(ctx)?;
    let engine = Object::new_proto(ctx.clone(), None)?;
    let entries = Object::new_proto(ctx.clone(), None)?;
    engine.set("natives", natives::create(ctx)?)?;
    engine.set("entries", entries.clone())?;
    engine.set("node", node::create(ctx)?)?;
    for (name, source) in FILES {
        // Not before: what every invocation uses lies together, in front of what few do. The fewer page tables an
        // invocation touches, the sooner its memory is clean again.
        if name == LIBRARY_USER {
            engine.set("library", library::load(ctx)?)?;
        }
        // Without their text: lambdas see functions without source, as built-in ones are.
        let c_string =
            |text: &str| interpreter::c_string(text.as_bytes()).expect("no NUL in our own JavaScript");
        let file = interpreter::evaluate_stripped(ctx, &c_string(source), &c_string(name))?;
        freeze::as_function(&file)?.call::<_, ()>((engine.clone(),))?;
    }
    Entries::find(ctx, &entries)
}

fn warm_up(engine: &Engine) {
    let (source, envelope) = WARM_UP;
    for _ in 0..2 {
        engine.interpreter.with(|ctx| {
            let entries = &engine.entries;
            assert_eq!(freeze::freeze(&ctx, entries, source.to_bytes_with_nul()), Status::Idle, "warm-up");
            assert_eq!(engine.begin(&ctx, envelope, 0), Status::Done, "warm-up");
            assert_eq!(event_loop::run(&ctx, entries), Status::Idle, "warm-up");
            Entries::call::<_, ()>(&ctx, &entries.reset, ()).expect("resetting after the warm-up");
        });
        engine.reset();
    }
}

/// `process.env` becomes what the inbox holds, a JSON object of strings.
pub fn environment(len: usize) -> Status {
    with(|engine| {
        mailbox::clear();
        let result = engine.interpreter.with(|ctx| {
            let values = mailbox::receive(len, |text| json::parse(&ctx, text));
            values.and_then(|values| Entries::call::<_, ()>(&ctx, &engine.entries.environment, (values,)))
        });
        mailbox::discard(len, true);
        if result.is_ok() { Status::Idle } else { Status::Refused }
    })
}

/// The inbox holds a lambda's source. Its memory afterwards is the lambda's image.
pub fn freeze(len: usize) -> Status {
    heap::wipe_freed(true);
    with(|engine| {
        let status = engine
            .interpreter
            .with(|ctx| mailbox::receive(len, |source| freeze::freeze(&ctx, &engine.entries, source)));
        if status == Status::Idle {
            mailbox::discard(len, true);
            engine.reset();
            engine.settle_memory();
        }
        status
    })
}

/// The inbox holds the input. Runs until the reply is ready, or nothing can run for a while.
pub fn invoke(len: usize, seed: u64) -> Status {
    heap::wipe_freed(false);
    with(|engine| {
        let status = engine
            .interpreter
            .with(|ctx| mailbox::receive(len, |envelope| engine.begin(&ctx, envelope, seed)));
        mailbox::discard(len, false);
        status
    })
}

/// Goes on with the event loop.
pub fn resume() -> Status {
    with(|engine| engine.interpreter.with(|ctx| event_loop::run(&ctx, &engine.entries)))
}

/// Forgets the invocation that is over, so that another can begin on what the lambda keeps.
pub fn renew() -> Status {
    with(|engine| {
        let is_fit = !heap::is_exhausted()
            && !interpreter::is_interrupted()
            && engine.interpreter.with(|ctx| Entries::call(&ctx, &engine.entries.renew, ()).unwrap_or(false));
        if !is_fit || !event_loop::renew() {
            return Status::Refused;
        }
        console::reset();
        mailbox::reclaim();
        Status::Idle
    })
}

impl Engine {
    fn begin(&self, ctx: &Ctx<'_>, envelope: &[u8], seed: u64) -> Status {
        mailbox::clear();
        random::seed(seed);
        clock::start();
        let entries = &self.entries;
        let invoked = json::parse(ctx, envelope)
            .and_then(|input| Entries::call::<_, ()>(ctx, &entries.invoke, (input,)));
        if invoked.is_err() && !interpreter::is_interrupted() {
            entries.uncaught(ctx, ctx.catch());
        }
        event_loop::replied(ctx).unwrap_or_else(|| event_loop::run(ctx, entries))
    }

    /// Back to how an image starts.
    fn reset(&self) {
        event_loop::reset();
        console::reset();
        mailbox::take_reply();
        mailbox::clear();
    }

    /// Leaves as little behind as possible, and that in an order that keeps invocations from touching many pages.
    fn settle_memory(&self) {
        self.interpreter.collect_garbage();
        heap::settle();
    }
}

fn with<R>(f: impl FnOnce(&Engine) -> R) -> R {
    ENGINE.with(|engine| f(engine.get().expect("`lambkin_boot` comes first")))
}

/// The booted engine's realm, for the conformance tests.
#[cfg(feature = "conformance")]
pub fn with_context<R>(f: impl FnOnce(&Ctx<'_>) -> R) -> R {
    with(|engine| engine.interpreter.with(|ctx| f(&ctx)))
}

fn with_entries(f: impl FnOnce(&Entries)) {
    ENGINE.with(|engine| {
        if let Some(engine) = engine.get() {
            f(&engine.entries);
        }
    });
}
