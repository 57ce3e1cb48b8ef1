//! The lambdas a new project can start from, the events that invoke lambdas, and the payloads both are tried with.
//!
//! A template is data: a folder with `lambda.js` and, where it is written for no event, `payload.json`, and a row in
//! [`TEMPLATES`]. This crate only lists them; it knows nothing of engines, servers or command lines. Every template
//! runs as it is (the product's own tests deploy and invoke each one), given the modules it names in
//! [`Template::requires`].
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
    /// The modules it cannot do without. An engine that lacks one of them refuses to build it.
    pub requires: &'static [&'static str],
    /// The JavaScript source.
    pub code: &'static str,
    /// A payload that it answers: one JSON value. Of a template for an event, the event's.
    pub sample_payload: &'static str,
}

/// The platform's own library: its clients for HTTP, Salesforce, secrets and conversations.
const TOOLBELT: &[&str] = &["lp-faas-toolbelt"];

/// A template for no event: `ID, name, description, modules`.
macro_rules! plain {
    ($id:literal, $name:literal, $description:literal, $requires:expr) => {
        Template {
            id: $id,
            name: $name,
            event: NO_EVENT,
            description: $description,
            requires: $requires,
            code: include_str!(concat!("../", $id, "/lambda.js")),
            sample_payload: include_str!(concat!("../", $id, "/payload.json")),
        }
    };
}

/// A template for an event: `ID, name, event, description, modules`. Its payload is the event's.
macro_rules! for_event {
    ($id:literal, $name:literal, $event:literal, $description:literal, $requires:expr) => {
        Template {
            id: $id,
            name: $name,
            event: $event,
            description: $description,
            requires: $requires,
            code: include_str!(concat!("../", $id, "/lambda.js")),
            sample_payload: include_str!(concat!("../events/", $event, ".json")),
        }
    };
}

/// Every template, in the order in which they are offered.
pub const TEMPLATES: &[Template] = &[
    plain!("greeting", "Greeting", "Greets whoever the payload names: the smallest complete lambda.", &[]),
    plain!("http", "HTTP", "Calls an external service and answers with what it said.", TOOLBELT),
    plain!("logging", "Logging", "Writes to the log at every level, with extras.", &[]),
    plain!("salesforce", "Salesforce", "Looks contacts up in Salesforce by e-mail address.", TOOLBELT),
    plain!(
        "secret-storage",
        "Secret Storage",
        "Reads a secret, changes it and handles its absence.",
        TOOLBELT
    ),
    for_event!(
        "bots-custom-integration",
        "Third-Party Bots Custom Integration",
        "bot_connectors_custom_integration",
        "A small bot that answers by keywords, with a button.",
        &[]
    ),
    for_event!(
        "bots-error-hook",
        "Third-Party Bots Error-Hook",
        "bot_connectors_error_hook",
        "Reports that a third-party bot has failed.",
        &[]
    ),
    for_event!(
        "bots-post-hook",
        "Third-Party Bots Post-Hook",
        "bot_connectors_post_hook",
        "Signs the answers of a third-party bot.",
        &[]
    ),
    for_event!(
        "bots-pre-hook",
        "Third-Party Bots Pre-Hook",
        "bot_connectors_pre_hook",
        "Keeps card numbers from a third-party bot.",
        &[]
    ),
    for_event!(
        "post-survey-email-transcript",
        "Chat Post Survey E-Mail Transcript",
        "denver_post_survey_email_transcript",
        "Sends the transcript of badly rated chats to a manager.",
        &[]
    ),
    for_event!(
        "conversational-command",
        "Conversational Command",
        "conversational_command",
        "Answers an agent's command with the price of a shipping.",
        &[]
    ),
    for_event!(
        "messaging-conversation-end",
        "Messaging Conversation End",
        "controllerbot_messaging_conversation_end",
        "Says good-bye when an agent closes a conversation.",
        &[]
    ),
    for_event!(
        "messaging-conversation-end-keywords",
        "Messaging Conversation End: Keyword Scanner",
        "controllerbot_messaging_conversation_end",
        "Looks through a closed conversation for certain words.",
        TOOLBELT
    ),
    for_event!(
        "messaging-conversation-end-replace-files",
        "Messaging Conversation End: Replace Files",
        "controllerbot_messaging_conversation_end",
        "Overwrites the files of a closed conversation.",
        TOOLBELT
    ),
    for_event!(
        "messaging-conversation-idle",
        "Messaging Conversation Idle",
        "controllerbot_messaging_conversation_idle",
        "Keeps a waiting consumer company, and closes what a consumer has left.",
        &[]
    ),
    for_event!(
        "messaging-conversation-routing",
        "Messaging Conversation Routing",
        "controllerbot_messaging_conversation_routing",
        "Tells the consumer which team a conversation was transferred to.",
        &[]
    ),
    for_event!(
        "messaging-line-in-off-hours",
        "Messaging Line in Off-Hours",
        "controllerbot_messaging_mid_conversation_msg",
        "Says when the answer to a message outside working hours will come.",
        &[]
    ),
    for_event!(
        "messaging-new-conversation",
        "Messaging New Conversation",
        "controllerbot_messaging_new_conversation",
        "Welcomes a consumer, or routes the conversation outside working hours.",
        &[]
    ),
    for_event!(
        "messaging-participants-change",
        "Messaging Participants Change",
        "controllerbot_messaging_participants_change",
        "Tells the consumer that an agent has joined.",
        &[]
    ),
    for_event!(
        "messaging-ttr",
        "Messaging TTR",
        "controllerbot_messaging_ttr",
        "Promises an answer in time when a conversation becomes urgent.",
        &[]
    ),
    for_event!(
        "messaging-survey-started",
        "Messaging Survey Started",
        "surveybot_messaging_survey_started",
        "Notes that a survey after a conversation has begun.",
        &[]
    ),
    for_event!(
        "messaging-survey-ended",
        "Messaging Survey Ended",
        "surveybot_messaging_survey_ended",
        "Notes that a survey has ended, and whether it was completed.",
        &[]
    ),
];

/// The template with this identifier; upper and lower case are the same.
pub fn find(id: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.id.eq_ignore_ascii_case(id))
}
