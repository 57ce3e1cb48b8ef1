//! npm's jsforce and the toolbelt's Salesforce client in deployed lambdas, against a server that answers as Salesforce
//! does: log-in by SOAP and OAuth, queries with more than one page, records, errors, sessions that have expired.

use std::{collections::BTreeMap, net::TcpStream, sync::Mutex};

use lambkin_tests::{Asked, Server, Start, Upstream, respond};
use serde_json::{Value, json};

const DATA: &str = "/services/data/v42.0";
const JSON: (&str, &str) = ("Content-Type", "application/json;charset=UTF-8");

/// What a Salesforce organisation has: contacts by id.
#[derive(Default)]
struct Organisation(Mutex<BTreeMap<String, Value>>);

impl Organisation {
    fn answer(&self, asked: &Asked, stream: &mut TcpStream) -> bool {
        let (method, target) = (asked.line.split(' ').next().unwrap_or_default(), asked.path().to_owned());
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let body = String::from_utf8_lossy(&asked.body).into_owned();
        let reply = |stream: &mut TcpStream, status, value: Value| {
            respond(stream, status, &[JSON], value.to_string().as_bytes())
        };
        if path == "/services/Soap/u/42.0" {
            return soap(&body, asked.header("host"), stream);
        }
        if path == "/services/oauth2/token" {
            let good = body.contains("grant_type=refresh_token")
                && body.contains("refresh_token=long")
                && body.contains("client_id=app");
            return match good {
                true => reply(
                    stream,
                    200,
                    json!({ "access_token": "fresh", "id": "https://login/id/00D/005", "instance_url": "" }),
                ),
                false => reply(
                    stream,
                    400,
                    json!({ "error": "invalid_grant", "error_description": "expired access/refresh token" }),
                ),
            };
        }
        let token = asked.header("authorization").trim_start_matches("Bearer ").to_owned();
        if !matches!(token.as_str(), "fresh" | "session") {
            return reply(
                stream,
                401,
                json!([{ "message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID" }]),
            );
        }
        let mut contacts = self.0.lock().expect("no other holder panics");
        let rest = path.strip_prefix(DATA).unwrap_or_default();
        if rest == "/query" && query.contains("WHERE") {
            let asked_for = query.replace("%20", " ").replace("%27", "'").replace("%40", "@");
            let found: Vec<&Value> = contacts
                .values()
                .filter(|one| asked_for.contains(&format!("'{}'", one["Email"].as_str().unwrap_or_default())))
                .collect();
            return reply(stream, 200, json!({ "totalSize": found.len(), "done": true, "records": found }));
        }
        if rest == "/query" && query.contains("NONSENSE") {
            return reply(
                stream,
                400,
                json!([{ "message": "unexpected token: NONSENSE", "errorCode": "MALFORMED_QUERY" }]),
            );
        }
        if rest == "/query" || rest == "/query/01g-2" {
            let all: Vec<&Value> = contacts.values().collect();
            let (first, second) = all.split_at(all.len() / 2);
            let page = if rest == "/query" {
                json!({ "totalSize": all.len(), "done": false, "nextRecordsUrl": format!("{DATA}/query/01g-2"), "records": first })
            } else {
                json!({ "totalSize": all.len(), "done": true, "records": second })
            };
            return reply(stream, 200, page);
        }
        if rest == "/composite/sobjects" && method == "POST" {
            let wanted: Value = serde_json::from_str(&body).unwrap_or_default();
            let made: Vec<Value> = wanted["records"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|one| add(&mut contacts, one))
                .collect();
            return reply(stream, 200, json!(made));
        }
        let Some(id) = rest.strip_prefix("/sobjects/Contact") else {
            return reply(
                stream,
                404,
                json!([{ "message": "The requested resource does not exist", "errorCode": "NOT_FOUND" }]),
            );
        };
        let id = id.trim_start_matches('/').to_owned();
        match method {
            "POST" => {
                let record: Value = serde_json::from_str(&body).unwrap_or_default();
                if record["LastName"].is_null() {
                    return reply(
                        stream,
                        400,
                        json!([{ "message": "Required fields are missing: [LastName]", "errorCode": "REQUIRED_FIELD_MISSING", "fields": ["LastName"] }]),
                    );
                }
                let made = add(&mut contacts, &record);
                reply(stream, 201, made)
            }
            "PATCH" => {
                let changed: Value = serde_json::from_str(&body).unwrap_or_default();
                if let (Some(contact), Some(fields)) = (contacts.get_mut(&id), changed.as_object()) {
                    for (name, value) in fields {
                        contact[name] = value.clone();
                    }
                }
                respond(stream, 204, &[], b"")
            }
            "DELETE" => {
                contacts.remove(&id);
                respond(stream, 204, &[], b"")
            }
            _ => match contacts.get(&id) {
                Some(contact) => reply(stream, 200, contact.clone()),
                None => reply(
                    stream,
                    404,
                    json!([{ "message": "Provided external ID field does not exist", "errorCode": "NOT_FOUND" }]),
                ),
            },
        }
    }
}

/// Makes a contact.
fn add(contacts: &mut BTreeMap<String, Value>, record: &Value) -> Value {
    let id = format!("003{:03}", contacts.len() + 1);
    let mut record = record.clone();
    record["Id"] = json!(id);
    contacts.insert(id.clone(), record);
    json!({ "id": id, "success": true, "errors": [] })
}

/// The log-in of a user, as the SOAP API has it.
fn soap(body: &str, host: &str, stream: &mut TcpStream) -> bool {
    let xml = ("Content-Type", "text/xml;charset=UTF-8");
    if !body.contains("<username>ada&amp;co</username>") || !body.contains("<password>word+token</password>")
    {
        let fault = "<soapenv:Envelope><soapenv:Body><soapenv:Fault><faultcode>INVALID_LOGIN</faultcode><faultstring>INVALID_LOGIN: Invalid username, password, security token; or user locked out.</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>";
        return respond(stream, 500, &[xml], fault.as_bytes());
    }
    let answer = format!(
        "<soapenv:Envelope><soapenv:Body><loginResponse><result><serverUrl>http://{host}/services/Soap/u/42.0/00D</serverUrl><sessionId>session</sessionId><userId>005</userId><userInfo><organizationId>00D</organizationId></userInfo></result></loginResponse></soapenv:Body></soapenv:Envelope>"
    );
    respond(stream, 200, &[xml], answer.as_bytes())
}

fn salesforce() -> Upstream {
    let organisation = Organisation::default();
    Upstream::new(move |asked, stream| organisation.answer(asked, stream))
}

fn server() -> Server {
    let server = Start::fresh().with(&["--egress-allow-private", "127.0.0.0/8,::1"]).server();
    server.post("proxy-settings", &json!({ "domain": "localhost", "id": -1 })).expect(201);
    server
}

#[test]
fn a_connection_of_jsforce_logs_in_and_works_with_records() {
    let (upstream, server) = (salesforce(), server());
    let code = "const jsforce = require('jsforce');
        async function lambda(input, callback) {
            const connection = new jsforce.Connection({ loginUrl: input.payload.url });
            try {
                const user = await connection.login('ada&co', input.payload.password);
                const contacts = connection.sobject('Contact');
                const made = await contacts.create([{ LastName: 'Lovelace', Email: 'ada@example.com' }, { LastName: 'Hopper', Email: 'grace@example.com' }]);
                const changed = await contacts.update({ Id: made[0].id, FirstName: 'Ada' });
                const read = await contacts.retrieve(made[0].id);
                const found = await contacts.find({ Email: 'ada@example.com' }, 'Id, LastName').limit(5);
                const pages = [];
                const query = connection.query('SELECT Id FROM Contact').on('record', (record) => pages.push(record.Id));
                await new Promise((resolve, reject) => query.on('end', resolve).on('error', reject).run({ autoFetch: true }));
                const gone = await contacts.destroy(made[1].id);
                const wrong = await contacts.create({ Email: 'nobody@example.com' }).catch((error) => [error.name, error.errorCode, error.message]);
                const syntax = await connection.query('NONSENSE').then(null, (error) => [error.name, error.message]);
                callback(null, { user, made, changed, read, found, pages, gone, wrong, syntax });
            } catch (error) { callback(null, { failed: error.message }); }
        }";
    let uuid = server.serve("records", code);
    let refused = server.invoke(&uuid, &json!({ "url": upstream.url(""), "password": "wrong" })).expect(200);
    assert!(refused.json()["failed"].as_str().unwrap().starts_with("INVALID_LOGIN"), "the fault's own text");

    let told = server
        .invoke(&uuid, &json!({ "url": upstream.url(""), "password": "word+token" }))
        .expect(200)
        .json();
    assert_eq!(
        (&told["user"]["id"], &told["user"]["organizationId"]),
        (&json!("005"), &json!("00D")),
        "{told}"
    );
    assert_eq!(told["made"][1], json!({ "id": "003002", "success": true, "errors": [] }));
    assert_eq!(told["changed"], json!({ "id": "003001", "success": true, "errors": [] }));
    assert_eq!((&told["read"]["FirstName"], &told["read"]["LastName"]), (&json!("Ada"), &json!("Lovelace")));
    assert_eq!(told["found"].as_array().map(Vec::len), Some(1), "{told}");
    assert_eq!(told["pages"], json!(["003001", "003002"]));
    assert_eq!(told["gone"]["success"], true);
    assert_eq!(
        told["wrong"],
        json!([
            "REQUIRED_FIELD_MISSING",
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [LastName]"
        ])
    );
    assert_eq!(told["syntax"], json!(["MALFORMED_QUERY", "unexpected token: NONSENSE"]));
}

/// The guide's sample, with what the payload says.
const GUIDE: &str = "const { Toolbelt } = require('lp-faas-toolbelt');
    const sfClient = Toolbelt.SFClient();
    function lambda(input, callback) {
        const con = sfClient.connectToSalesforce(input.payload);
        con.query('SELECT Id FROM Contact', function (err, queryResult) {
            callback(null, err ? { failed: err.message } : { size: queryResult.totalSize, token: con.accessToken });
        });
    }";

#[test]
fn the_toolbelts_client_works_as_the_guide_shows_it() {
    let (upstream, server) = (salesforce(), server());
    let uuid = server.serve("guide", GUIDE);
    let with = |more: Value| {
        let mut config =
            json!({ "loginUrl": upstream.url(""), "accessToken": "stale", "refreshToken": "long" });
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        server.invoke(&uuid, &config).expect(200).json()
    };
    assert_eq!(with(json!({ "accessToken": "fresh" })), json!({ "size": 0, "token": "fresh" }));
    // An expired token is renewed on the way, when there is what that needs.
    let renewed = with(json!({ "clientId": "app", "clientSecret": "s" }));
    assert_eq!(renewed, json!({ "size": 0, "token": "fresh" }));
    let alone = with(json!({}))["failed"].to_string();
    assert!(alone.contains("give its clientId and clientSecret"), "{alone}");
    let other = with(json!({ "clientId": "app", "clientSecret": "s", "refreshToken": "old" }));
    assert_eq!(other["failed"], "expired access/refresh token");
}

#[test]
fn the_template_finds_contacts_with_the_secret_it_names() {
    let (upstream, server) = (salesforce(), server());
    let templates = server.get("templates").expect(200).json();
    let template = templates.as_array().unwrap().iter().find(|one| one["id"] == "salesforce").unwrap();
    let uuid = server.serve("salesforce", template["code"].as_str().unwrap());
    let value =
        json!({ "loginUrl": upstream.url(""), "instanceUrl": upstream.url(""), "accessToken": "fresh" });
    server.post("secrets", &json!({ "key": "salesforce", "value": value })).expect(201);
    let none = server.invoke(&uuid, &json!({ "email": "ada@example.com" })).expect(200).json();
    assert_eq!(none, json!({ "contacts": [] }));

    let maker = "const { Toolbelt } = require('lp-faas-toolbelt');
        async function lambda(input, callback) {
            callback(null, await Toolbelt.SFClient().connectToSalesforce(input.payload).sobject('Contact').create({ LastName: 'Lovelace', Email: 'ada@example.com' }));
        }";
    let maker = server.serve("maker", maker);
    assert_eq!(server.invoke(&maker, &value).expect(200).json()["success"], true);
    let found = server.invoke(&uuid, &json!({ "email": "ada@example.com" })).expect(200).json();
    assert_eq!(found["contacts"][0]["LastName"], "Lovelace", "{found}");
    let quoted = server.invoke(&uuid, &json!({ "email": "x' OR Email != '" })).expect(200).json();
    assert_eq!(quoted, json!({ "contacts": [] }));
}
