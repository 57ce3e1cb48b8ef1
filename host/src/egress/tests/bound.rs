//! Secrets that go with requests: to their own host and nowhere else, and where nobody on the way reads them.

use super::*;
use crate::{
    account_limits::AccountLimits,
    ledger::Ledger,
    sealing::{KEY, Sealer},
    secrets::{Binding, SecretValue, Secrets},
    store::SledStore,
};

/// The secrets of account `a`, each bound to the header `x-key` of a host.
fn bound(hosts: &[(&str, &str)]) -> (tempfile::TempDir, Arc<Secrets>) {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(SledStore::open(&dir.path().join("database")).unwrap());
    let ledger = Arc::new(Ledger::open(store, AccountLimits::default()).unwrap());
    let secrets = Secrets::open(ledger, Sealer::new(&[7; KEY])).unwrap();
    for (at, (host, text)) in hosts.iter().enumerate() {
        let value = SecretValue::parse(&json!(text).to_string()).unwrap();
        let binding = Binding::judge(host, "x-key", &value).unwrap();
        secrets.create("a", &format!("k{at}"), &value, Some(binding), "me").unwrap();
    }
    (dir, Arc::new(secrets))
}

fn with_secrets(service: Service, secrets: Arc<Secrets>) -> Arc<Outbound> {
    way_out_of(service, &["a.example", "b.example", "localhost"], Vault::Account(secrets))
}

/// A server that leads every first request of a connection to `b.example`, and notes what it was asked.
async fn leading() -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    let (address, _) = listen("127.0.0.1:0", move |mut stream| {
        let noted = Arc::clone(&noted);
        async move {
            let mut bytes = vec![0; 4_096];
            while let Ok(read @ 1..) = stream.read(&mut bytes).await {
                let head = String::from_utf8_lossy(&bytes[..read]).to_lowercase();
                let answer = if head.contains("host: b.example") {
                    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                } else {
                    "HTTP/1.1 302 Found\r\nLocation: http://b.example/\r\nContent-Length: 0\r\n\r\n"
                };
                noted.lock().push(head);
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        }
    })
    .await;
    (address, asked)
}

#[tokio::test]
async fn a_redirect_takes_no_secret_along_and_plain_http_carries_none() {
    let (address, asked) = leading().await;
    let (_dir, secrets) = bound(&[("localhost", "for-this-machine"), ("b.example", "for-b")]);
    let way = with_secrets(service(vec![vec![address]], true), secrets);
    let head = json!({ "url": "http://localhost/", "redirect": "follow", "maxRedirects": 1 });
    let operation =
        Operation { kind: OperationKind::Request, head: head.to_string().into(), body: Bytes::new() };
    let completion = Arc::clone(&way).start(operation).await;
    assert_eq!(completion.masks, ["for-this-machine"]);
    let notes: Vec<&str> = completion.notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(notes, ["the secret `k1` was not sent to b.example: it goes over https only"]);
    let asked = asked.lock();
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(asked[0].contains("x-key: for-this-machine"), "{asked:?}");
    assert!(asked[1].contains("host: b.example") && !asked[1].contains("x-key"), "{asked:?}");
}

#[tokio::test]
async fn over_tls_a_secret_replaces_what_the_lambda_wrote() {
    let (address, _, authority) = links::secure().await;
    let (_dir, secrets) = bound(&[("a.example", "for-a")]);
    let service = links::service(address, Some(authority.path()), None);
    let way = with_secrets(service, Arc::clone(&secrets));
    let head = json!({ "url": "https://a.example/x", "headers": [["X-Key", "mine"]] });
    let ask = || async {
        let head = operate(&way, OperationKind::Request, &head, b"").await.unwrap();
        operate(&way, OperationKind::Read, &json!({ "body": head["body"], "atLeast": 99 }), b"")
            .await
            .unwrap()
    };
    assert_eq!(ask().await, "HTTP/2.0 /x for-a");
    // Whoever the lambda believes may not be the host.
    let trusting = json!({ "url": "https://a.example/x", "headers": [["X-Key", "mine"]], "identity": { "allowSelfSigned": true } });
    let operation =
        Operation { kind: OperationKind::Request, head: trusting.to_string().into(), body: Bytes::new() };
    let completion = Arc::clone(&way).start(operation).await;
    assert!(completion.masks.is_empty());
    assert!(
        completion.notes[0].text.contains("`k0` was not sent to a.example"),
        "{}",
        completion.notes[0].text
    );
    let OperationAnswer::Json(head) = completion.answer else { panic!("no answer") };
    let head: Value = serde_json::from_slice(&head).unwrap();
    let read = json!({ "body": head["body"], "atLeast": 99 });
    assert_eq!(operate(&way, OperationKind::Read, &read, b"").await.unwrap(), "HTTP/2.0 /x mine");
    // Taken off: the next request carries the lambda's own again.
    let value = SecretValue::parse("\"for-a\"").unwrap();
    secrets.replace("a", "k0", 1, &value, None, "me").unwrap();
    assert_eq!(ask().await, "HTTP/2.0 /x mine");
}
