//! The events as the contract lists them, and payloads that have the original's shape, misspellings included.

use lambkin_templates::{EVENTS, find_event};
use serde_json::Value;

fn payload(id: &str) -> Value {
    serde_json::from_str(find_event(id).expect("an event").sample_payload).expect("a payload is JSON")
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn the_list_is_the_contracts() {
    let listed: Vec<_> = EVENTS.iter().map(|event| (event.id, event.name, event.lambda_limit)).collect();
    assert_eq!(
        listed,
        [
            ("bot_connectors_custom_integration", "Third-Party Bots Custom Integration", 15),
            ("bot_connectors_error_hook", "Third-Party Bots Error-Hook", 15),
            ("bot_connectors_post_hook", "Third-Party Bots Post-Hook", 15),
            ("bot_connectors_pre_hook", "Third-Party Bots Pre-Hook", 15),
            ("controllerbot_messaging_conversation_end", "Messaging Conversation End", 1),
            ("controllerbot_messaging_conversation_idle", "Messaging Conversation Idle", 1),
            ("controllerbot_messaging_conversation_routing", "Messaging Conversation Routing", 1),
            ("controllerbot_messaging_mid_conversation_msg", "Messaging Line in Off-Hours", 1),
            ("controllerbot_messaging_new_conversation", "Messaging New Conversation", 1),
            ("controllerbot_messaging_participants_change", "Messaging Participants Change", 1),
            ("controllerbot_messaging_ttr", "Messaging TTR", 1),
            ("conversational_command", "Conversational Command", 30),
            ("denver_post_survey_email_transcript", "Chat Post Survey E-Mail Transcript", 10),
            ("surveybot_messaging_survey_ended", "Messaging Survey Ended", 1),
            ("surveybot_messaging_survey_started", "Messaging Survey Started", 1),
        ]
    );
    assert!(EVENTS.iter().all(|event| event.id.len() <= 60 && !event.description.is_empty()));
    assert_eq!(find_event("No Event"), None);
}

#[test]
fn a_conversation_event_has_the_general_group_and_one_of_its_own() {
    for (id, group, its_keys) in [
        ("conversation_end", "end", &["closeReason"][..]),
        (
            "conversation_idle",
            "idle",
            &["agentNonResponsive", "consumserNonResponsive", "convNotTakenTime", "lastConsumerMsgTs"],
        ),
        ("conversation_routing", "routing", &["newSkillId", "oldSkillId"]),
        ("mid_conversation_msg", "mid", &["openedInOffHours"]),
        ("new_conversation", "start", &["firstConversation"]),
        ("participants_change", "participantChange", &["newParticipants", "oldParticipants"]),
        ("ttr", "ttr", &["newTtr", "oldTtr"]),
    ] {
        let payload = payload(&format!("controllerbot_messaging_{id}"));
        let mut groups = ["general", group];
        groups.sort_unstable();
        assert_eq!(keys(&payload), groups, "{id}");
        assert_eq!(keys(&payload[group]), its_keys, "{id}");
        assert_eq!(
            keys(&payload["general"]),
            [
                "backToQueueTs",
                "campaignInfo",
                "cbotEventType",
                "clientFeatures",
                "clientIpAdress",
                "clientLanguage",
                "contexttype",
                "convId",
                "dialogId",
                "effectiveTTR",
                "inOffHours",
                "lastAgentMsgTs",
                "lastMessageComposer",
                "lastMessageTs",
                "manualETTR",
                "newConvState",
                "oldConvState",
                "originatorId",
                "originatorMetadata",
                "originatorPid",
                "serverTimestamp",
                "sessionId",
                "startTs",
                "type",
                "visitorId",
            ],
            "{id}"
        );
        assert_eq!(keys(&payload["general"]["campaignInfo"]), ["engangementId", "id"], "{id}");
        assert_eq!(keys(&payload["general"]["originatorMetadata"]), ["id", "role"], "{id}");
    }
}

#[test]
fn survey_command_chat_and_bot_payloads_have_the_original_keys() {
    for id in ["surveybot_messaging_survey_started", "surveybot_messaging_survey_ended"] {
        assert_eq!(
            keys(&payload(id)),
            [
                "accountId",
                "campaignInfo",
                "closeReason",
                "context",
                "conversationId",
                "dialogs",
                "effectiveTTR",
                "firstConversation",
                "lastContentEventNotification",
                "lastQuestionId",
                "participants",
                "skillId",
                "startTs",
                "state",
                "surveyId",
                "surveyRevision",
                "ttr",
            ]
        );
        assert_eq!(keys(&payload(id)["campaignInfo"]), ["campaignId", "engagementId"]);
        assert_eq!(keys(&payload(id)["ttr"]), ["ttrType", "value"]);
    }
    assert_eq!(keys(&payload("conversational_command")), ["arguments", "conversationId"]);
    let chat = payload("denver_post_survey_email_transcript");
    assert_eq!(keys(&chat), ["agentName", "csatRank", "questionWithAnswers", "skillName"]);
    assert_eq!(keys(&chat["questionWithAnswers"][0]), ["answer", "question"]);
    let bot = payload("bot_connectors_custom_integration");
    assert_eq!(keys(&bot), ["context", "message"]);
    assert!(bot["context"]["lpEvent"]["metadata"].is_array());
}
