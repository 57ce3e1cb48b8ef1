//! The way out against servers on loopback, with clocks, caps and a resolver of the test's own.

use std::{
    future::Future,
    io::Write as _,
    net::SocketAddr,
    pin::Pin,
    sync::atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use lambkin_runtime::{Operation, OperationAnswer, OperationKind};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::{connector::Resolve, *};

mod bound;
mod chunks;
mod links;

/// Answers a question with the next of its lists, and then with the last again.
struct Names {
    answers: Vec<Vec<SocketAddr>>,
    asked: AtomicUsize,
}

impl Resolve for Names {
    fn resolve(
        &self,
        _: String,
        _: u16,
    ) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<SocketAddr>>> + Send>> {
        let at = self.asked.fetch_add(1, Ordering::SeqCst).min(self.answers.len() - 1);
        let answer = self.answers[at].clone();
        Box::pin(async move { Ok(answer) })
    }
}

/// A server that sends each connection the same bytes, once something was asked, and counts connections.
async fn upstream(answer: Vec<u8>) -> (SocketAddr, Arc<AtomicUsize>) {
    upstream_at("127.0.0.1:0", answer).await
}

async fn upstream_at(address: &str, answer: Vec<u8>) -> (SocketAddr, Arc<AtomicUsize>) {
    listen(address, move |mut stream| {
        let answer = answer.clone();
        async move {
            let mut asked = [0; 4_096];
            while stream.read(&mut asked).await.is_ok_and(|read| read > 0) {
                if stream.write_all(&answer).await.is_err() {
                    return;
                }
            }
        }
    })
    .await
}

/// Does the same with every connection; where it listens, and how many there were.
async fn listen<Doing: Future<Output = ()> + Send + 'static>(
    address: &str,
    each: impl Fn(TcpStream) -> Doing + Send + 'static,
) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(address).await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(each(stream));
        }
    });
    (address, connections)
}

fn response(headers: &str, body: &[u8]) -> Vec<u8> {
    let mut answer =
        format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    answer.extend_from_slice(body);
    answer
}

/// A service that finds every name where the lists say; 127.0.0.1 is open when `open`.
fn service(answers: Vec<Vec<SocketAddr>>, open: bool) -> Service {
    let roots = Arc::new(roots(None).unwrap());
    let network = Network {
        resolver: Arc::new(Names { answers, asked: AtomicUsize::new(0) }),
        private: if open { vec!["127.0.0.1/32".parse().unwrap()] } else { Vec::new() },
        tls: Arc::new(tls(&roots).unwrap()),
        roots,
        proxy: None,
        connect_timeout: Duration::from_millis(300),
    };
    let mut service = Service::over(network, 1_000);
    service.caps = Caps { request: 1_000, response: 10_000, invocation: 25_000 };
    service.times.head = Duration::from_millis(400);
    service.times.idle = Duration::from_millis(300);
    service
}

fn way_out(service: Service) -> Arc<Outbound> {
    way_out_of(service, &["a.example", "b.example"], Vault::Local(Arc::default()))
}

/// The way out of account `a` to hosts of these names, with its secrets.
fn way_out_of(service: Service, names: &[&str], secrets: Vault) -> Arc<Outbound> {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    let caller = Caller {
        account: "a".into(),
        lambda: Uuid::nil(),
        policy: Policy::Names(Arc::new(names)),
        secrets,
        siblings: None,
        hops: 0,
    };
    Arc::new(Outbound::new(Arc::new(service), caller))
}

async fn operate(
    way: &Arc<Outbound>,
    kind: OperationKind,
    head: &Value,
    body: &[u8],
) -> Result<Value, String> {
    let operation = Operation { kind, head: head.to_string().into(), body: Bytes::copy_from_slice(body) };
    let completion = Arc::clone(way).start(operation).await;
    match completion.answer {
        OperationAnswer::Json(json) => Ok(serde_json::from_slice(&json).unwrap()),
        OperationAnswer::Bytes { bytes, .. } => Ok(json!(String::from_utf8_lossy(&bytes))),
        OperationAnswer::Failed(json) => {
            let error: Value = serde_json::from_slice(&json).unwrap();
            Err(error["code"].as_str().unwrap().to_owned())
        }
    }
}

/// Code and message of a failure, which must be in the log in these words.
async fn failure(way: &Arc<Outbound>, kind: OperationKind, head: &Value) -> (String, String) {
    let operation = Operation { kind, head: head.to_string().into(), body: Bytes::new() };
    let completion = Arc::clone(way).start(operation).await;
    let OperationAnswer::Failed(json) = completion.answer else { panic!("{head} did not fail") };
    let error: Value = serde_json::from_slice(&json).unwrap();
    let text = |name: &str| error[name].as_str().unwrap().to_owned();
    let (code, message) = (text("code"), text("message"));
    assert_eq!(completion.notes[0].text, format!("a call failed: {message} ({code})"));
    (code, message)
}

async fn get(way: &Arc<Outbound>, url: &str) -> Result<Value, String> {
    operate(way, OperationKind::Request, &json!({ "url": url, "decode": true }), b"").await
}

/// All of a body.
async fn text(way: &Arc<Outbound>, url: &str) -> Result<Value, String> {
    let head = get(way, url).await?;
    operate(way, OperationKind::Read, &json!({ "body": head["body"], "atLeast": 1 << 30 }), b"").await
}

#[tokio::test]
async fn the_address_that_was_judged_is_the_one_that_is_connected_to() {
    let (inside, connections) = upstream_at("127.0.0.2:0", response("", b"inside")).await;
    // Nobody listens where the name leads first; 127.0.0.1 is what stands for the public internet here.
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let way = way_out(service(vec![vec![inside], vec![free, inside]], true));
    let head = get(&way, "http://a.example/").await.unwrap();
    assert_eq!(head["status"], 403);
    // An answer with both: the closed one is left out, also when the open one is not to be reached.
    assert_eq!(get(&way, "http://a.example/").await.unwrap_err(), "ECONNREFUSED");
    assert_eq!(connections.load(Ordering::SeqCst), 0);
}

/// From an allowed host to another allowed name, which leads to where no lambda may go.
#[tokio::test]
async fn a_redirect_to_a_name_of_any_closed_address_is_denied() {
    for address in [
        "0.0.0.0:80",
        "10.0.0.1:80",
        "100.64.0.1:80",
        "100.100.100.200:80",
        "127.0.0.2:80",
        "168.63.129.16:80",
        "169.254.169.254:80",
        "172.16.0.1:80",
        "192.0.0.192:80",
        "192.168.0.1:80",
        "224.0.0.1:80",
        "255.255.255.255:80",
        "[::]:80",
        "[::1]:80",
        "[::127.0.0.1]:80",
        "[::ffff:10.0.0.1]:80",
        "[::ffff:169.254.169.254]:80",
        "[64:ff9b::a9fe:a9fe]:80",
        "[2002:a00:1::]:80",
        "[fc00::1]:80",
        "[fd00:ec2::254]:80",
        "[fe80::1]:80",
        "[ff02::1]:80",
    ] {
        let leading =
            b"HTTP/1.1 302 Found\r\nLocation: http://b.example/\r\nContent-Length: 0\r\n\r\n".to_vec();
        let (open, _) = upstream(leading).await;
        let way = way_out(service(vec![vec![open], vec![address.parse().unwrap()]], true));
        let head = json!({ "url": "http://a.example/", "redirect": "follow", "maxRedirects": 5 });
        let operation =
            Operation { kind: OperationKind::Request, head: head.to_string().into(), body: Bytes::new() };
        let completion = Arc::clone(&way).start(operation).await;
        let OperationAnswer::Json(head) = completion.answer else { panic!("{address}: no answer") };
        let head: Value = serde_json::from_slice(&head).unwrap();
        assert_eq!((&head["status"], &head["url"]), (&json!(403), &json!("http://b.example/")), "{address}");
        let note = &completion.notes[0].text;
        assert!(note.contains("not part of the public internet"), "{address}: {note}");
    }
}

#[tokio::test]
async fn a_connection_is_made_by_one_answer_of_the_resolver() {
    let (inside, connections) = upstream(response("", b"ok")).await;
    let other: SocketAddr = "127.0.0.1:1".parse().unwrap();
    let way = way_out(service(vec![vec![inside], vec![other]], true));
    for _ in 0..3 {
        assert_eq!(text(&way, "http://a.example/").await.unwrap(), "ok");
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1, "kept, and nobody asked again where it leads");
    let calls = way.calls();
    assert_eq!((calls.count, calls.kept[2].status, calls.kept[2].received), (3, Some(200), 2));
}

#[tokio::test]
async fn bodies_have_caps_decoded_or_not() {
    let bomb = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![b'x'; 1 << 20]).unwrap();
        encoder.finish().unwrap()
    };
    let (large, _) = upstream(response("", &[b'x'; 10_001])).await;
    assert_eq!(
        text(&way_out(service(vec![vec![large]], true)), "http://a.example/").await.unwrap_err(),
        "ERR_BODY_TOO_LARGE"
    );
    let (folded, _) = upstream(response("Content-Encoding: gzip\r\n", &bomb)).await;
    assert_eq!(
        text(&way_out(service(vec![vec![folded]], true)), "http://a.example/").await.unwrap_err(),
        "ERR_BODY_TOO_LARGE"
    );
    let (fits, _) = upstream(response("", &[b'x'; 9_000])).await;
    let way = way_out(service(vec![vec![fits]], true));
    for _ in 0..2 {
        text(&way, "http://a.example/").await.unwrap();
    }
    assert_eq!(
        text(&way, "http://a.example/").await.unwrap_err(),
        "ERR_BODY_TOO_LARGE",
        "all of one invocation"
    );
    let post = json!({ "url": "http://a.example/", "method": "POST" });
    assert_eq!(
        operate(&way, OperationKind::Request, &post, &[0; 1_001]).await.unwrap_err(),
        "ERR_BODY_TOO_LARGE"
    );
}

#[tokio::test]
async fn answers_of_all_lambdas_share_what_the_server_holds() {
    let (large, _) = upstream(response("", &[b'x'; 9_000])).await;
    // Half of what it says, and then nothing: whoever wants all of it holds that half.
    let mut half = response("", &[b'x'; 9_000]);
    half.truncate(half.len() - 4_500);
    let (slow, _) = upstream(half).await;
    let held = Held::new(10_000);
    let mut one = service(vec![vec![slow]], true);
    one.held = Arc::clone(&held);
    let mut other = service(vec![vec![large]], true);
    other.held = Arc::clone(&held);
    let other = way_out_of(other, &["a.example"], Vault::Local(Arc::default()));
    let one = way_out(one);
    assert_eq!(text(&other, "http://a.example/").await.unwrap(), "x".repeat(9_000), "alone it fits");
    let head = get(&one, "http://a.example/").await.unwrap();
    let body = json!({ "body": head["body"], "atLeast": 9_000 });
    let holding = operate(&one, OperationKind::Read, &body, b"");
    let reading = async {
        while held.bytes() < 4_500 {
            tokio::task::yield_now().await;
        }
        text(&other, "http://a.example/").await.unwrap_err()
    };
    tokio::select! {
        biased;
        _ = holding => panic!("the half answer came to an end before the other was refused"),
        code = reading => assert_eq!(code, "ENOBUFS"),
    }
    // Given up: what it held is free again.
    let (again, _) = upstream(response("", &[b'x'; 9_000])).await;
    let mut third = service(vec![vec![again]], true);
    third.held = held;
    assert_eq!(text(&way_out(third), "http://a.example/").await.unwrap(), "x".repeat(9_000));
}

#[tokio::test]
async fn codings_are_undone_and_those_nobody_knows_are_errors() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(b"unfolded").unwrap();
    let (gzip, _) = upstream(response("Content-Encoding: gzip\r\n", &encoder.finish().unwrap())).await;
    let way = way_out(service(vec![vec![gzip]], true));
    assert_eq!(text(&way, "http://a.example/").await.unwrap(), "unfolded");
    let (lie, _) = upstream(response("Content-Encoding: gzip\r\n", b"plain")).await;
    let way = way_out(service(vec![vec![lie]], true));
    assert_eq!(text(&way, "http://a.example/").await.unwrap_err(), "ERR_CONTENT_DECODING");
    let (odd, _) = upstream(response("Content-Encoding: zstd\r\n", b"x")).await;
    let way = way_out(service(vec![vec![odd]], true));
    assert_eq!(text(&way, "http://a.example/").await.unwrap_err(), "ERR_CONTENT_DECODING");
}

#[tokio::test]
async fn every_phase_has_its_time() {
    let late = |code: &str, message: &str| (code.to_owned(), message.to_owned());
    let (silent, _) = upstream(Vec::new()).await;
    let way = way_out(service(vec![vec![silent]], true));
    let ask = |url: &str, timeout: u64| json!({ "url": url, "timeout": timeout });
    assert_eq!(
        failure(&way, OperationKind::Request, &ask("http://a.example/", 0)).await,
        late("ESOCKETTIMEDOUT", "no answer after 400 ms")
    );
    assert_eq!(
        failure(&way, OperationKind::Request, &ask("http://a.example/", 20)).await,
        late("ESOCKETTIMEDOUT", "no answer after 20 ms")
    );
    // Nobody encrypts.
    assert_eq!(
        failure(&way, OperationKind::Request, &ask("https://a.example/", 0)).await,
        late("ETIMEDOUT", "connect ETIMEDOUT a.example:443")
    );
    let (slow, _) = upstream(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nslow".to_vec()).await;
    let way = way_out(service(vec![vec![slow]], true));
    let head = get(&way, "http://a.example/").await.unwrap();
    let all = json!({ "body": head["body"], "atLeast": 9 });
    assert_eq!(
        failure(&way, OperationKind::Read, &all).await,
        late("ESOCKETTIMEDOUT", "the answer stopped for 300 ms")
    );
}

#[tokio::test]
async fn heads_have_bounds() {
    let (wide, _) = upstream(response(&format!("X: {}\r\n", "y".repeat(70_000)), b"")).await;
    let way = way_out(service(vec![vec![wide]], true));
    assert_eq!(get(&way, "http://a.example/").await.unwrap_err(), "HPE_HEADER_OVERFLOW");
    for fields in [201, 100_000] {
        let (many, _) = upstream(response(&"X: y\r\n".repeat(fields), b"")).await;
        let way = way_out(service(vec![vec![many]], true));
        assert_eq!(get(&way, "http://a.example/").await.unwrap_err(), "HPE_HEADER_OVERFLOW", "{fields}");
    }
    // A head that never ends is no head, however little comes at once.
    let (endless, _) = listen("127.0.0.1:0", |mut stream| async move {
        let _ = stream.read(&mut [0; 4_096]).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n").await;
        while stream.write_all(b"X: y\r\n").await.is_ok() {}
    })
    .await;
    let way = way_out(service(vec![vec![endless]], true));
    assert_eq!(get(&way, "http://a.example/").await.unwrap_err(), "HPE_HEADER_OVERFLOW");
}

#[tokio::test]
async fn a_body_is_read_once_and_goes_when_nobody_wants_it() {
    let (text, _) = upstream(response("", b"body")).await;
    let way = way_out(service(vec![vec![text]], true));
    let head = get(&way, "http://a.example/").await.unwrap();
    let body = json!({ "body": head["body"] });
    operate(&way, OperationKind::Discard, &body, b"").await.unwrap();
    assert_eq!(
        operate(&way, OperationKind::Read, &body, b"").await.unwrap_err(),
        "ERR_STREAM_PREMATURE_CLOSE"
    );
}

#[tokio::test]
async fn an_answer_without_end_has_one() {
    for (field, piece) in [
        ("Transfer-Encoding: chunked", format!("1000\r\n{}\r\n", "x".repeat(0x1000))),
        ("Transfer-Encoding: chunked", "1\r\nx\r\n".to_owned()),
        ("Connection: close", "x".repeat(100)),
    ] {
        // Writes until nobody takes it any more.
        let over = Arc::new(tokio::sync::Notify::new());
        let told = Arc::clone(&over);
        let (address, _) = listen("127.0.0.1:0", move |mut stream| {
            let (piece, told) = (piece.clone(), Arc::clone(&told));
            async move {
                let _ = stream.read(&mut [0; 4_096]).await;
                let _ = stream.write_all(format!("HTTP/1.1 200 OK\r\n{field}\r\n\r\n").as_bytes()).await;
                while stream.write_all(piece.as_bytes()).await.is_ok() {}
                told.notify_one();
            }
        })
        .await;
        let way = way_out(service(vec![vec![address]], true));
        assert_eq!(text(&way, "http://a.example/").await.unwrap_err(), "ERR_BODY_TOO_LARGE", "{field}");
        over.notified().await;
    }
}
