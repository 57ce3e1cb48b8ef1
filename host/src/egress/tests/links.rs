//! Links that are more than a socket: TLS with HTTP/2 and an authority of the operator's own, and the tunnel through a
//! proxy.

use axum::http::{Request, Response};
use http_body_util::Full;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{rt::TokioIo, server::conn::auto};
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use rustls::{ServerConfig, pki_types::PrivateKeyDer};
use tokio::io::copy_bidirectional;
use tokio_rustls::TlsAcceptor;

use super::*;

/// An authority, and what a server for `a.example` shows that it vouches for.
fn vouched() -> (CertifiedIssuer<'static, KeyPair>, CertificateDer<'static>, PrivateKeyDer<'static>) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["a.example".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let certificate = certificate.der().clone();
    (authority, certificate, PrivateKeyDer::try_from(key.serialize_der()).unwrap())
}

/// The authority in a file, as an operator names one.
fn filed(authority: &CertifiedIssuer<'static, KeyPair>) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(authority.pem().as_bytes()).unwrap();
    file
}

/// Serves with TLS, telling by which version, for what and with which `x-key` it was asked; the address, and how many have connected.
async fn serve(config: ServerConfig) -> (SocketAddr, Arc<AtomicUsize>) {
    let acceptor = TlsAcceptor::from(Arc::new(config));
    listen("127.0.0.1:0", move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            let answer = service_fn(|request: Request<Incoming>| async move {
                let key = request.headers().get("x-key").and_then(|value| value.to_str().ok());
                let key = key.map(|key| format!(" {key}")).unwrap_or_default();
                let told = format!("{:?} {}{key}", request.version(), request.uri().path());
                Ok::<_, std::convert::Infallible>(Response::new(Full::new(Bytes::from(told))))
            });
            let _ =
                auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), answer).await;
        }
    })
    .await
}

/// A TLS server for `a.example`; the authority that vouches for it, in a file.
pub(super) async fn secure() -> (SocketAddr, Arc<AtomicUsize>, tempfile::NamedTempFile) {
    let (authority, certificate, key) = vouched();
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let (address, connections) = serve(config).await;
    (address, connections, filed(&authority))
}

fn over(address: SocketAddr, authority: Option<&Path>, proxy: Option<Proxy>) -> Arc<Outbound> {
    way_out(service(address, authority, proxy))
}

/// A service that finds every name at an address and believes an authority.
pub(super) fn service(address: SocketAddr, authority: Option<&Path>, proxy: Option<Proxy>) -> Service {
    let roots = Arc::new(roots(authority).unwrap());
    let network = Network {
        resolver: Arc::new(Names { answers: vec![vec![address]], asked: AtomicUsize::new(0) }),
        private: vec!["127.0.0.1/32".parse().unwrap()],
        tls: Arc::new(tls(&roots).unwrap()),
        roots,
        proxy,
        connect_timeout: Duration::from_secs(5),
    };
    Service::over(network, 1_000)
}

#[tokio::test]
async fn tls_speaks_http_2_and_many_requests_share_a_connection() {
    let (address, connections, authority) = secure().await;
    let way = over(address, Some(authority.path()), None);
    assert_eq!(text(&way, "https://a.example/first").await.unwrap(), "HTTP/2.0 /first");
    let all = (0..20).map(|_| {
        let way = Arc::clone(&way);
        tokio::spawn(async move { text(&way, "https://a.example/more").await })
    });
    for one in all.collect::<Vec<_>>() {
        assert_eq!(one.await.unwrap().unwrap(), "HTTP/2.0 /more");
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn certificates_are_believed_from_authorities_that_are_known_and_for_their_names() {
    let (address, _, authority) = secure().await;
    let stranger = over(address, None, None);
    assert_eq!(get(&stranger, "https://a.example/").await.unwrap_err(), "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
    let known = over(address, Some(authority.path()), None);
    assert_eq!(get(&known, "https://b.example/").await.unwrap_err(), "ERR_TLS_CERT_ALTNAME_INVALID");
    let (plain, _) = upstream(response("", b"no TLS")).await;
    assert_eq!(get(&over(plain, None, None), "https://a.example/").await.unwrap_err(), "EPROTO");
}

/// A proxy that leads every tunnel to one address and notes what it was asked for; `None` refuses them.
async fn proxy(to: Option<SocketAddr>) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    let (address, _) = listen("127.0.0.1:0", move |mut stream| {
        let noted = Arc::clone(&noted);
        async move {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let Ok(byte) = stream.read_u8().await else { break };
                head.push(byte);
            }
            noted.lock().push(String::from_utf8(head).unwrap());
            let Some(to) = to else {
                let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n").await;
                return;
            };
            let mut upstream = TcpStream::connect(to).await.unwrap();
            stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
            let _ = copy_bidirectional(&mut stream, &mut upstream).await;
        }
    })
    .await;
    (address, asked)
}

#[tokio::test]
async fn a_proxy_carries_everything_in_tunnels() {
    let (secure, _, authority) = secure().await;
    let (to, asked) = proxy(Some(secure)).await;
    let nowhere: SocketAddr = "127.0.0.1:1".parse().unwrap();
    let through = format!("http://me:word@{to}").parse().unwrap();
    let way = over(nowhere, Some(authority.path()), Some(through));
    assert_eq!(text(&way, "https://a.example/x").await.unwrap(), "HTTP/2.0 /x");
    let head = asked.lock()[0].clone();
    assert!(head.starts_with("CONNECT a.example:443 HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("Proxy-Authorization: Basic bWU6d29yZA==\r\n"), "{head}");
    assert_eq!(get(&way, "https://c.example/").await.unwrap()["status"], 403, "the whitelist comes first");
    assert_eq!(asked.lock().len(), 1);

    let (closed, _) = proxy(None).await;
    let way = over(nowhere, None, Some(format!("http://{closed}").parse().unwrap()));
    assert_eq!(get(&way, "http://a.example/").await.unwrap_err(), "ECONNREFUSED");
}

/// A TLS server for `a.example` that only talks to callers with a certificate of its authority, and that authority.
async fn guarded() -> (SocketAddr, CertifiedIssuer<'static, KeyPair>) {
    let (authority, certificate, key) = vouched();
    let provider = Arc::new(ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).unwrap();
    let callers =
        rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(callers.build().unwrap())
        .with_single_cert(vec![certificate], key)
        .unwrap();
    (serve(config).await.0, authority)
}

#[tokio::test]
async fn a_certificate_is_shown_where_the_lambda_has_one() {
    let (address, authority) = guarded().await;
    let key = KeyPair::generate().unwrap();
    let mine = CertificateParams::new(vec!["me".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let identity = json!({ "key": key.serialize_pem(), "cert": mine.pem(), "ca": authority.pem() });
    let with = |change: &dyn Fn(&mut Value)| {
        let mut identity = identity.clone();
        change(&mut identity);
        let way = over(address, None, None);
        async move {
            let head = json!({ "url": "https://a.example/", "identity": identity });
            operate(&way, OperationKind::Request, &head, b"").await.map(|head| head["status"].clone())
        }
    };
    assert_eq!(with(&|_| {}).await.unwrap(), 200);
    let trusting = |identity: &mut Value| {
        identity["ca"].take();
        identity["allowSelfSigned"] = json!(true);
    };
    assert_eq!(with(&trusting).await.unwrap(), 200);
    let unknown = with(&|identity| identity["ca"] = json!(null)).await.unwrap_err();
    assert_eq!(
        unknown, "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        "the server's authority is not one of the public ones"
    );

    let other = KeyPair::generate().unwrap();
    for (field, pem) in [
        ("key", json!(null)),
        ("key", json!("-----BEGIN NOTHING-----")),
        ("key", json!(other.serialize_pem())),
        ("cert", json!(key.serialize_pem())),
        ("ca", json!("")),
        ("cert", json!("x".repeat(100_000))),
    ] {
        let refused = with(&|identity| identity[field] = pem.clone()).await.unwrap_err();
        assert_eq!(refused, "ERR_TLS_IDENTITY", "{field}");
    }
    // Without a certificate whom one believes can still be said.
    let (open, _, known) = secure().await;
    let ca = std::fs::read_to_string(known.path()).unwrap();
    for identity in [json!({ "ca": ca }), json!({ "allowSelfSigned": true })] {
        let head = json!({ "url": "https://a.example/", "identity": identity });
        operate(&over(open, None, None), OperationKind::Request, &head, b"").await.unwrap();
    }

    // A certificate nobody vouches for, and none.
    let stranger = CertificateParams::new(vec!["me".to_owned()]).unwrap().self_signed(&key).unwrap().pem();
    assert!(with(&|identity| identity["cert"] = json!(stranger)).await.is_err());
    assert!(get(&over(address, Some(filed(&authority).path()), None), "https://a.example/").await.is_err());
}
