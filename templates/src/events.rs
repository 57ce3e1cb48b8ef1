//! The events that invoke lambdas: what they are called, how many functions of an account may have each, and the
//! payload they come with (contract, section 7).

/// Something that happens on the platform and that functions can be written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The identifier on the wire.
    pub id: &'static str,
    /// The name people see.
    pub name: &'static str,
    /// When it happens, in one sentence.
    pub description: &'static str,
    /// Functions of one account that may have it.
    pub lambda_limit: usize,
    /// An example of what it carries: one JSON value, misspelt where the platform misspells.
    pub sample_payload: &'static str,
}

/// Includes the sample payload of one event.
macro_rules! event {
    ($id:literal, $name:literal, $limit:literal, $description:literal) => {
        Event {
            id: $id,
            name: $name,
            description: $description,
            lambda_limit: $limit,
            sample_payload: include_str!(concat!("../events/", $id, ".json")),
        }
    };
}

/// Every event, ordered by its id.
pub const EVENTS: &[Event] = &[
    event!(
        "bot_connectors_custom_integration",
        "Third-Party Bots Custom Integration",
        15,
        "A bot that is written as a function receives a message."
    ),
    event!(
        "bot_connectors_error_hook",
        "Third-Party Bots Error-Hook",
        15,
        "A third-party bot has failed. What the function returns is not used."
    ),
    event!(
        "bot_connectors_post_hook",
        "Third-Party Bots Post-Hook",
        15,
        "A third-party bot has answered; the function may change the answer."
    ),
    event!(
        "bot_connectors_pre_hook",
        "Third-Party Bots Pre-Hook",
        15,
        "A message is about to go to a third-party bot; the function may change it."
    ),
    event!(
        "controllerbot_messaging_conversation_end",
        "Messaging Conversation End",
        1,
        "A conversation was closed by the agent, the consumer or the system."
    ),
    event!(
        "controllerbot_messaging_conversation_idle",
        "Messaging Conversation Idle",
        1,
        "For some time the agent or the consumer has not answered, or nobody has taken the conversation."
    ),
    event!(
        "controllerbot_messaging_conversation_routing",
        "Messaging Conversation Routing",
        1,
        "A conversation was transferred to another skill."
    ),
    event!(
        "controllerbot_messaging_mid_conversation_msg",
        "Messaging Line in Off-Hours",
        1,
        "A consumer writes outside working hours in a conversation that is open already."
    ),
    event!(
        "controllerbot_messaging_new_conversation",
        "Messaging New Conversation",
        1,
        "A consumer has started a conversation."
    ),
    event!(
        "controllerbot_messaging_participants_change",
        "Messaging Participants Change",
        1,
        "Somebody has joined or left a conversation."
    ),
    event!(
        "controllerbot_messaging_ttr",
        "Messaging TTR",
        1,
        "The time to respond was changed: the consumer marked or unmarked a message as urgent, or the agent set it."
    ),
    event!(
        "conversational_command",
        "Conversational Command",
        30,
        "An agent has typed a command in a conversation."
    ),
    event!(
        "denver_post_survey_email_transcript",
        "Chat Post Survey E-Mail Transcript",
        10,
        "A chat has ended and its survey was submitted; the function says who gets the transcript."
    ),
    event!(
        "surveybot_messaging_survey_ended",
        "Messaging Survey Ended",
        1,
        "A survey after a conversation has ended."
    ),
    event!(
        "surveybot_messaging_survey_started",
        "Messaging Survey Started",
        1,
        "A survey after a conversation has started."
    ),
];

/// The event with this identifier.
pub fn find_event(id: &str) -> Option<&'static Event> {
    EVENTS.iter().find(|event| event.id == id)
}
