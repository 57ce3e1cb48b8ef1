//! The invokers of `examples/`, run as their readme says, against the templates of the events they call by.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use lambkin_tests::{Server, definition};
use serde_json::{Value, json};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")
}

/// Deploys templates as the functions of their events.
fn serve(server: &Server, wanted: &[&str]) {
    let templates = server.get("templates").expect(200).json();
    for id in wanted {
        let mut listed = templates.as_array().expect("an array").iter();
        let template = listed.find(|template| template["id"] == *id).expect("the template is listed");
        let mut lambda = definition(&id.replace('-', "_"), template["code"].as_str().expect("a source"));
        lambda["eventId"] = template["eventId"].clone();
        let saved = server.post("lambdas", &lambda).expect(201).json();
        assert_eq!(server.deploy(saved["uuid"].as_str().expect("an id")), "Productive");
    }
}

/// Runs an example with a file as its input, as the app that a `--dev` server comes with.
fn run(server: &Server, script: &str, input: &str, arguments: &[&Path]) -> Output {
    let input = File::open(examples().join(input)).expect("the input is there");
    let output = Command::new("timeout")
        .args(["60", "node"])
        .arg(examples().join(script))
        .args(arguments)
        .stdin(input)
        .env("LAMBKIN_SERVER", &server.base)
        .env("LAMBKIN_ACCOUNT", &server.account)
        .env("LAMBKIN_CLIENT_ID", "dev-client")
        .env("LAMBKIN_CLIENT_SECRET", "dev-secret")
        .output()
        .expect("tests need Node 20 or newer");
    assert!(output.status.success(), "{output:?}");
    output
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_badly_rated_chat_becomes_an_e_mail() {
    let server = Server::fresh();
    let folder = tempfile::tempdir().unwrap();
    let outbox = folder.path().join("outbox");
    let send = || run(&server, "survey-transcript/invoker.mjs", "survey-transcript/chat.json", &[&outbox]);
    assert!(said(&send()).contains("nobody has a function for this event"));
    serve(&server, &["post-survey-email-transcript"]);
    assert!(said(&send()).contains("to manager@example.com"));
    let mail = fs::read_to_string(outbox.join("chat-4711-1.eml")).unwrap();
    let (head, body) = mail.split_once("\r\n\r\n").unwrap();
    for field in [
        "From: \"Customer Care\" <no-reply@example.com>",
        "To: manager@example.com",
        "Subject: Billing: a chat with Alex was rated 2 of 5",
        "Date: Wed, 26 Jun 2019 08:10:00 GMT",
    ] {
        assert!(head.lines().any(|line| line == field), "`{field}` in {head}");
    }
    // "[08:01] Consumer: My" in base64.
    assert!(body.starts_with("WzA4OjAxXSBDb25zdW1lcjogTXkg"), "{body}");
}

#[test]
fn commands_are_carried_out_and_what_they_do_is_looked_at_too() {
    let server = Server::fresh();
    serve(
        &server,
        &[
            "messaging-new-conversation",
            "messaging-participants-change",
            "messaging-conversation-routing",
            "messaging-conversation-idle",
            "messaging-conversation-end",
            "messaging-ttr",
        ],
    );
    let output =
        run(&server, "conversation-analyser/analyser.mjs", "conversation-analyser/changes.jsonl", &[]);
    let lines: Vec<Value> =
        said(&output).lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    let say = |id: &str, event: &str, text: &str| {
        let command = json!({ "type": "systemMessage", "text": text });
        json!({ "conversation": id, "event": format!("controllerbot_messaging_{event}"), "command": command, "done": true })
    };
    let now = |id: &str, state: &str, skill: &str, messages: u32| json!({ "conversation": id, "state": state, "skillId": skill, "messages": messages });
    let done = |id: &str, event: &str, command: Value| json!({ "conversation": id, "event": format!("controllerbot_messaging_{event}"), "command": command, "done": true });
    let expected = [
        say("c-1", "new_conversation", "Welcome! One of our agents is with you in a moment."),
        now("c-1", "OPEN", "1001", 1),
        say("c-1", "participants_change", "An agent has joined the conversation."),
        now("c-1", "OPEN", "1001", 2),
        say("c-1", "ttr", "We have seen that it is urgent and answer within 10 minutes."),
        now("c-1", "OPEN", "1001", 3),
        say("c-2", "new_conversation", "We are closed at the moment. We answer from 9 am."),
        done("c-2", "new_conversation", json!({ "type": "transfer", "skillId": "1003" })),
        now("c-2", "OPEN", "1003", 1),
        say("c-1", "conversation_routing", "You are now talking to our support team."),
        now("c-1", "OPEN", "1002", 4),
        say(
            "c-1",
            "conversation_idle",
            "As we have not heard from you, we close this conversation. Write again any time.",
        ),
        done("c-1", "conversation_idle", json!({ "type": "closeConversation" })),
        now("c-1", "CLOSE", "1002", 5),
    ];
    assert_eq!(lines, expected, "{}", String::from_utf8_lossy(&output.stderr));
    // What a command did was an event again: the end of the conversation, and a transfer nobody has a greeting for.
    let log = |name: &str| {
        let listed = server.get(&format!("lambdas?name={name}")).expect(200).json();
        server.logs(listed[0]["uuid"].as_str().expect("an id"), 1)
    };
    let end = log("messaging_conversation_end");
    assert_eq!(end[0]["extras"][0]["by"], "SYSTEM", "{end:#?}");
    let routing = log("messaging_conversation_routing");
    assert!(routing.iter().any(|entry| entry["extras"][0]["to"] == "1003"), "{routing:#?}");
}
