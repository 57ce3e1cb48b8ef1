//! The ways in: TLS, a listener for operators, proxies.

use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    sync::Arc,
};

use lambkin_tests::{PATIENCE, Server, Start, until};
use rustix::process::Signal;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, pem::PemObject},
};

type Client = StreamOwned<ClientConnection, TcpStream>;

/// Writes a certificate for `localhost` and its key; returns it.
fn certify(folder: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    // The key first: a server that looks in between must not take one for the other's.
    fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
    CertificateDer::from_pem_file(folder.join("cert.pem")).unwrap()
}

fn start(folder: &Path) -> Server {
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    Start::fresh().with(&["--tls-cert", &path("cert.pem"), "--tls-key", &path("key.pem")]).server()
}

fn address(url: &str) -> SocketAddr {
    url.rsplit('/').next().and_then(|address| address.parse().ok()).expect("an address")
}

/// Shakes hands, or says why not.
fn connect(
    server: &Server,
    trusted: &CertificateDer<'static>,
    alpn: &str,
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> std::io::Result<Client> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![alpn.as_bytes().to_vec()];
    let socket = TcpStream::connect(address(&server.base))?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let name = "localhost".try_into().unwrap();
    let mut client = StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), socket);
    while client.conn.is_handshaking() {
        client.conn.complete_io(&mut client.sock)?;
    }
    Ok(client)
}

/// `GET /health` over an open connection; the status line.
fn ask(client: &mut Client) -> String {
    client.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut status = [0; 12];
    client.read_exact(&mut status).unwrap();
    let mut seen = Vec::new();
    // The rest of the answer, so that the next one starts at its beginning.
    while !seen.ends_with(b"}") {
        let mut byte = [0];
        client.read_exact(&mut byte).unwrap();
        seen.push(byte[0]);
    }
    String::from_utf8_lossy(&status).into_owned()
}

#[test]
fn tls_is_served_and_its_certificate_replaced_under_open_connections() {
    let folder = tempfile::tempdir().unwrap();
    let first = certify(folder.path());
    let server = start(folder.path());
    assert!(server.base.starts_with("https://"), "{}", server.base);
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let mut client = connect(&server, &first, "http/1.1", &[version]).unwrap();
        assert_eq!(ask(&mut client), "HTTP/1.1 200");
    }
    let client = connect(&server, &first, "h2", rustls::ALL_VERSIONS).unwrap();
    assert_eq!(client.conn.alpn_protocol(), Some(&b"h2"[..]));

    let mut open = connect(&server, &first, "http/1.1", rustls::ALL_VERSIONS).unwrap();
    // Nonsense leaves everything as it was.
    fs::write(folder.path().join("cert.pem"), "nonsense").unwrap();
    server.signal(Signal::HUP);
    until("the server to look at it", || server.log().contains("stays as it was").then_some(()));
    connect(&server, &first, "http/1.1", rustls::ALL_VERSIONS).unwrap();
    let second = certify(folder.path());
    server.signal(Signal::HUP);
    until("the new certificate", || connect(&server, &second, "http/1.1", rustls::ALL_VERSIONS).ok());
    connect(&server, &first, "http/1.1", rustls::ALL_VERSIONS).unwrap_err();
    assert_eq!(ask(&mut open), "HTTP/1.1 200", "what was open goes on");
    // Without a signal too, a little later.
    let third = certify(folder.path());
    until("the change to be seen", || connect(&server, &third, "http/1.1", rustls::ALL_VERSIONS).ok());

    // Without TLS there is no answer, and the server goes on.
    let mut plain = TcpStream::connect(address(&server.base)).unwrap();
    plain.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut reply = Vec::new();
    let _ = plain.read_to_end(&mut reply);
    assert!(!reply.starts_with(b"HTTP/"), "{reply:?}");
    assert_eq!(ask(&mut open), "HTTP/1.1 200");
}

#[test]
fn a_server_that_cannot_encrypt_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    certify(folder.path());
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let refused = |cert: &str, key: &str| {
        let (status, said) = Start::fresh().with(&["--tls-cert", cert, "--tls-key", key]).refused();
        assert!(!status.success());
        said
    };
    assert!(refused(&path("none.pem"), &path("key.pem")).contains("none.pem"));
    assert!(refused(&path("key.pem"), &path("key.pem")).contains("--tls-cert"));
    let other = tempfile::tempdir().unwrap();
    certify(other.path());
    refused(other.path().join("cert.pem").to_str().unwrap(), &path("key.pem"));
}

#[test]
fn the_public_listener_knows_invocations_only_where_operators_have_their_own() {
    let server = Start::fresh().with(&["--management-listen", "127.0.0.1:0"]).server();
    let operators = server.announcement["management"].as_str().unwrap().to_owned();
    let ask = |base: &str, line: &str| {
        let mut stream = TcpStream::connect(address(base)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(
            stream,
            "{line} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
            server.token
        )
        .unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        reply.get(9..12).unwrap_or_default().to_owned()
    };
    let account = format!("/api/account/{}", server.account);
    let hidden = [
        "lambdas",
        "lambdas/",
        "deployments",
        "events",
        "logs?lambdaUUID=x",
        "limits",
        "runtimes",
        "schedules",
        "proxy-settings",
    ];
    for path in hidden {
        assert_eq!(ask(&server.base, &format!("GET {account}/{path}")), "404", "{path}");
        assert_ne!(ask(&operators, &format!("GET {account}/{path}")), "404", "{path}");
    }
    for path in
        ["lambdas/../lambdas", "lambdas/x/invoke/..", "//lambdas", "lambdas/x%2finvoke", "lambdas/x/invoke/"]
    {
        assert_eq!(ask(&server.base, &format!("GET {account}/{path}")), "404", "{path}");
    }
    for path in ["login", "refresh", "logout"] {
        assert_eq!(ask(&server.base, &format!("POST {account}/{path}")), "404", "{path}");
        assert_ne!(ask(&operators, &format!("POST {account}/{path}")), "404", "{path}");
    }
    // Where the services are is asked by those who invoke and by those who manage.
    for path in
        ["service/baseURI.json?version=1.0", "service/faasGW/baseURI.json", "service/sentinel/baseURI"]
    {
        for base in [&server.base, &operators] {
            assert_eq!(ask(base, &format!("GET {account}/{path}")), "200", "{path}");
        }
    }
    assert_eq!(ask(&server.base, "GET /health"), "200");
    let unknown = format!("{account}/lambdas/{}/invoke", "00000000-0000-4000-8000-000000000000");
    assert_eq!(ask(&server.base, &format!("POST {unknown}")), ask(&operators, &format!("POST {unknown}")));
    assert_eq!(ask(&server.base, &format!("GET {account}/events/x/isImplemented")), "200");
}
