//! The yardstick of `make bench`: an axum server whose only route reads a body and answers with fixed bytes. What
//! `lambkin serve` needs beyond this is what Lambkin costs.
//!
//! ```sh
//! cargo run --release --package lambkin-host --example bare -- BODY_FILE
//! ```

#![forbid(unsafe_code)]

use std::io::Write as _;

use anyhow::Context as _;
use axum::{Router, body::Bytes, http::header::CONTENT_TYPE};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let path = std::env::args_os().nth(1).context("usage: bare BODY_FILE")?;
    let body = Bytes::from(std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?);
    // Any path: the same request line goes to both servers.
    let app = Router::new().fallback(move |_request: Bytes| {
        let body = body.clone();
        async move { ([(CONTENT_TYPE, "application/json")], body) }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    // The same first line as `lambkin serve`, so that one script starts both.
    let line = serde_json::json!({ "listening": format!("http://{}", listener.local_addr()?) });
    writeln!(std::io::stdout(), "{line}")?;
    axum::serve(listener, app).await?;
    Ok(())
}
