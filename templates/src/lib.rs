//! The lambdas a new project can start from, the events that invoke lambdas, and the payloads both are tried with.
//!
//! A template is data: a folder with `lambda.js` and `payload.json`, and a row in [`TEMPLATES`]. This crate only
//! lists them; it knows nothing of engines, servers or command lines. Every template runs as it is
//! (`tests/templates.rs` freezes and invokes each one).
//!
//! ```
//! let greeting = lambkin_templates::find("greeting").expect("ships with the crate");
//! assert!(greeting.code.contains("function lambda(input, callback)"));
//! ```

#![forbid(unsafe_code)]

mod events;

pub use events::{EVENTS, Event, find_event};

/// The event name of a lambda that only direct invocations call. Literal on the wire and in `config.json`.
pub const NO_EVENT: &str = "No Event";

/// One lambda to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// Stable, lower-case identifier: what `lambkin new --template` takes.
    pub id: &'static str,
    /// The name people see.
    pub name: &'static str,
    /// The event it is written for: an event id, or [`NO_EVENT`].
    pub event: &'static str,
    /// What it shows, in one sentence of at most 100 characters (the limit of a function's description).
    pub description: &'static str,
    /// The JavaScript source.
    pub code: &'static str,
    /// A payload that it answers: one JSON value.
    pub sample_payload: &'static str,
}

/// Includes the files of one template's folder.
macro_rules! template {
    ($id:literal, $name:literal, $event:expr, $description:literal) => {
        Template {
            id: $id,
            name: $name,
            event: $event,
            description: $description,
            code: include_str!(concat!("../", $id, "/lambda.js")),
            sample_payload: include_str!(concat!("../", $id, "/payload.json")),
        }
    };
}

/// Every template, in the order in which they are offered.
pub const TEMPLATES: &[Template] = &[
    template!(
        "greeting",
        "Greeting",
        NO_EVENT,
        "Greets whoever the payload names: the smallest complete lambda."
    ),
    template!("logging", "Logging", NO_EVENT, "Writes to the log at every level, with extras."),
];

/// The template with this identifier; upper and lower case are the same.
pub fn find(id: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.id.eq_ignore_ascii_case(id))
}
