//! Who calls, in which account, about what: the front of every call under `/api/account/{account}`, and the only
//! place where a call is allowed. What it takes stands in [`table`].

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, MatchedPath, RawPathParams},
    http::request::Parts,
};
use uuid::Uuid;

use crate::{
    auth::{
        Principal,
        table::{self, Need},
    },
    host::Host,
    reply::Refusal,
};

/// A caller who may make this call in the account of the path.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) caller: Principal,
    /// The `{id}` of the path as it was given; empty where the path has none.
    pub(crate) id: String,
}

impl Member {
    /// The lambda of the path. Something that is no id belongs to no lambda.
    pub(crate) fn lambda(&self) -> Result<Uuid, Refusal> {
        let unknown = || {
            let shown: String = self.id.escape_default().take(64).collect();
            Refusal::missing_lambda(self.caller.account(), shown)
        };
        Uuid::try_parse(&self.id).map_err(|_| unknown())
    }
}

impl FromRequestParts<Arc<Host>> for Member {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, host: &Arc<Host>) -> Result<Self, Refusal> {
        let caller = host.credentials.authenticate(host, &parts.method, &parts.headers).await?;
        let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        // A handler that takes a `Member` is behind a right; a route without one is nobody's.
        let Some(Need::Right(right)) = table::need(&parts.method, route) else {
            return Err(Refusal::nobodys());
        };
        let path = RawPathParams::from_request_parts(parts, host).await.map_err(|_| Refusal::not_found())?;
        let (mut account, mut id) = ("", "");
        for (name, value) in &path {
            match name {
                "account" => account = value,
                "id" => id = value,
                _ => {}
            }
        }
        let roles = host.options.roles;
        Ok(Self { caller: caller.enter(account, &right, roles)?, id: id.to_owned() })
    }
}
