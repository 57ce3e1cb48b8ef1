//! Bodies as they leave: with a length, or in chunks when the lambda wrote chunks.

use super::*;

/// A server that answers with what it was asked, once the body's last bytes are there.
async fn mirror() -> SocketAddr {
    let (address, _) = listen("127.0.0.1:0", |mut stream| async move {
        let mut asked = Vec::new();
        let mut part = [0; 4_096];
        while let Ok(read @ 1..) = stream.read(&mut part).await {
            asked.extend_from_slice(&part[..read]);
            if asked.ends_with(b"body") || asked.ends_with(b"\r\n\r\n") {
                let answer = response("", &std::mem::take(&mut asked));
                if stream.write_all(&answer).await.is_err() {
                    return;
                }
            }
        }
    })
    .await;
    address
}

#[tokio::test]
async fn a_body_that_was_written_in_chunks_leaves_in_chunks() {
    let way = way_out(service(vec![vec![mirror().await]], true));
    let chunked = json!([["Transfer-Encoding", "chunked"], ["x-one", "1"]]);
    let sent = async |method: &str, headers: &Value, body: &[u8]| {
        let head = json!({ "url": "http://a.example/", "method": method, "headers": headers });
        let head = operate(&way, OperationKind::Request, &head, body).await.unwrap();
        let all = json!({ "body": head["body"], "atLeast": 1 << 30 });
        let text = operate(&way, OperationKind::Read, &all, b"").await.unwrap();
        text.as_str().unwrap().to_owned()
    };
    let text = sent("POST", &chunked, b"body").await;
    assert!(text.contains("transfer-encoding: chunked\r\n") && !text.contains("content-length"), "{text}");
    assert!(text.contains("x-one: 1\r\n") && text.ends_with("\r\n\r\n4\r\nbody\r\n0\r\n\r\n"), "{text}");
    let text = sent("POST", &json!([]), b"body").await;
    assert!(text.contains("content-length: 4\r\n") && !text.contains("transfer-encoding"), "{text}");
    // Without a body there is nothing to be in chunks.
    for (method, length) in [("GET", false), ("POST", true)] {
        let text = sent(method, &chunked, b"").await;
        assert!(
            !text.contains("transfer-encoding") && text.contains("content-length: 0") == length,
            "{text}"
        );
    }
}
