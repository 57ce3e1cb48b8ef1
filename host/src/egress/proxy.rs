//! The operator's proxy: where all calls of lambdas leave through a tunnel (`CONNECT`, RFC 9110, section 9.3.6).
//!
//! It resolves names itself, so addresses are its to judge; the whitelist is judged here all the same.

use std::{io, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use percent_encoding::percent_decode_str;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use url::Url;

use super::connector::ConnectError;

/// Bytes a proxy may answer before the tunnel is open.
const ANSWER: usize = 8 << 10;

/// A proxy: `http://[user:password@]host[:port]`.
#[derive(Clone)]
pub struct Proxy {
    host: String,
    port: u16,
    authorization: Option<String>,
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Proxy({}:{})", self.host, self.port)
    }
}

impl FromStr for Proxy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "this is no proxy like http://proxy.example:3128".to_owned();
        let url = Url::parse(text).map_err(|_| wrong())?;
        let host = url.host_str().filter(|_| url.scheme() == "http").ok_or_else(wrong)?;
        let authorization = (!url.username().is_empty()).then(|| {
            let plain = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
            let pair = format!("{}:{}", plain(url.username()), plain(url.password().unwrap_or_default()));
            format!("Basic {}", STANDARD.encode(pair))
        });
        let host = host.trim_matches(['[', ']']).to_owned();
        Ok(Self { host, port: url.port().unwrap_or(80), authorization })
    }
}

impl Proxy {
    /// A connection through the proxy.
    pub(crate) async fn tunnel(&self, host: &str, port: u16) -> Result<TcpStream, ConnectError> {
        let at = format!("{}:{}", self.host, self.port);
        let failed = |error| ConnectError::Io { target: at.clone(), error };
        let mut stream = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(failed)?;
        let target = if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
        let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n");
        if let Some(authorization) = &self.authorization {
            request.push_str(&format!("Proxy-Authorization: {authorization}\r\n"));
        }
        request.push_str("\r\n");
        stream.write_all(request.as_bytes()).await.map_err(failed)?;
        let answer = read_head(&mut stream).await.map_err(failed)?;
        let status = answer.split(' ').nth(1).unwrap_or("nothing");
        if status.len() == 3 && status.starts_with('2') {
            return Ok(stream);
        }
        Err(ConnectError::Proxy { target, status: status.escape_default().take(20).collect() })
    }
}

/// Reads up to the blank line and no further: what follows is the other side's.
async fn read_head(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() == ANSWER {
            return Err(io::ErrorKind::InvalidData.into());
        }
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_named_by_a_url() {
        let proxy: Proxy = "http://me:p%40ss@proxy.example:3128".parse().unwrap();
        assert_eq!((proxy.host.as_str(), proxy.port), ("proxy.example", 3128));
        assert_eq!(proxy.authorization.as_deref(), Some("Basic bWU6cEBzcw=="));
        assert_eq!("http://[::1]:81".parse::<Proxy>().unwrap().host, "::1");
        for wrong in ["", "proxy:3128", "socks5://proxy:1", "https://proxy"] {
            assert!(wrong.parse::<Proxy>().is_err(), "{wrong}");
        }
    }
}
