//! What a server that has met nobody yet makes for its operator: an operator with a password for one use or, with
//! `--dev`, an account that anybody on this machine can try.

use std::collections::BTreeSet;

use super::{
    Directory, DirectoryError, NewUser, OPERATORS,
    apps::{AppMetadata, AppRecord},
};
use crate::{
    auth::{Permissions, TokenHash, passwords, tokens},
    config::{
        BUILT_IN_ACCOUNT, DEV_CLIENT, DEV_CLIENT_SECRET, DEV_PASSWORD, DEV_PASSWORD_HASH, DEV_REDIRECTS,
        DEV_TOKEN, DevApp, DevUser, Login, ServeOptions,
    },
    error::HostError,
    ledger::Ledger,
    oauth::{GrantTypes, Scope},
    reply::Refusal,
    store::{Batch, Key, Shelf, read},
};

/// Who writes down what the server does by itself.
const SERVER: &str = "server";

/// The users of a `--dev` server.
const DEV_USERS: [(&str, Permissions); 3] = [
    ("admin", Permissions::ADMIN),
    ("developer", Permissions::DEVELOPER),
    ("invoker", Permissions::INVOCATION),
];

/// How the operator gets in. Only what this start made, or what is well known, can be told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Introduction {
    pub(crate) account: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) users: Vec<DevUser>,
    pub(crate) app: Option<DevApp>,
    pub(crate) operator: Option<Login>,
}

impl Directory {
    /// Makes what is missing.
    pub(crate) fn introduce(
        &self,
        options: &ServeOptions,
        ledger: &Ledger,
    ) -> Result<Introduction, HostError> {
        let trouble = |error: DirectoryError| HostError::while_doing("the accounts cannot be read", error);
        self.keep_apart(options.dev)?;
        if options.dev {
            return self.dev().map_err(trouble);
        }
        self.adopt(ledger).map_err(trouble)?;
        let operator = self.operator(options.renew_operator).map_err(trouble)?;
        Ok(Introduction { operator, ..Introduction::default() })
    }

    /// The passwords of a `--dev` server are well known: what is kept under them must never be served without
    /// `--dev`, and what is kept under better ones must not be served with it.
    fn keep_apart(&self, dev: bool) -> Result<(), HostError> {
        let trouble = |error| HostError::while_doing("the accounts cannot be read", error);
        let key = Key::new(Shelf::Server, &[b"dev"]);
        match (read::<bool>(&*self.store, &key).map_err(trouble)?, dev) {
            (Some(true), false) => Err(HostError::new(
                "this data directory belongs to a --dev server, whose passwords are well known",
            )
            .with_hint("start it with --dev, or name another directory: --data DIR")),
            (Some(false), true) => Err(HostError::new(
                "this data directory belongs to a server without --dev, which must not get well-known passwords",
            )
            .with_hint("start it without --dev, or name another directory: --data DIR")),
            (Some(_), _) => Ok(()),
            (None, _) => {
                let mut batch = Batch::default();
                batch.put(key, &dev).map_err(trouble)?;
                self.commit(batch).map_err(trouble)
            }
        }
    }

    /// Makes the accounts that lambdas belong to from before there were accounts.
    fn adopt(&self, ledger: &Ledger) -> Result<(), DirectoryError> {
        if self.account(OPERATORS)?.is_some() {
            return Ok(());
        }
        let mut tenants = BTreeSet::new();
        ledger.each_lambda(|lambda| {
            tenants.insert(lambda.account);
            Ok(())
        })?;
        for tenant in tenants {
            self.create_account(&tenant, &tenant, Vec::new(), SERVER)?;
        }
        Ok(())
    }

    fn dev(&self) -> Result<Introduction, DirectoryError> {
        if self.account(BUILT_IN_ACCOUNT)?.is_none() {
            let users = DEV_USERS.map(|(name, permissions)| (NewUser::known(name), permissions));
            self.create_account(BUILT_IN_ACCOUNT, "Development", users.into(), SERVER)?;
        }
        if self.app(BUILT_IN_ACCOUNT, DEV_CLIENT)?.is_none() {
            let metadata = AppMetadata {
                name: "Development".to_owned(),
                grant_types: GrantTypes::AUTHORIZATION_CODE
                    .and(GrantTypes::REFRESH_TOKEN)
                    .and(GrantTypes::CLIENT_CREDENTIALS),
                scope: Scope::INVOKE,
                redirect_uris: DEV_REDIRECTS.map(str::to_owned).into(),
            };
            let secret = TokenHash::of(DEV_CLIENT_SECRET.as_bytes()).to_hex();
            let id = DEV_CLIENT.to_owned();
            let app = AppRecord::new(BUILT_IN_ACCOUNT, id, Some(secret), metadata, SERVER);
            self.create_app(&app, usize::MAX)?;
        }
        let users = DEV_USERS.map(|(name, permissions)| DevUser {
            login_name: name,
            password: DEV_PASSWORD,
            permissions: permissions.names().collect(),
        });
        Ok(Introduction {
            account: Some(BUILT_IN_ACCOUNT.to_owned()),
            token: Some(DEV_TOKEN.to_owned()),
            users: users.into(),
            app: Some(DevApp { client_id: DEV_CLIENT, client_secret: DEV_CLIENT_SECRET }),
            operator: None,
        })
    }

    /// Makes the operator, or gives them another password for one use.
    fn operator(&self, renew: bool) -> Result<Option<Login>, DirectoryError> {
        const NAME: &str = "operator";
        let random = |refusal: Refusal| DirectoryError::Conflict(format!("{refusal:?}"));
        let known = self.user_named(OPERATORS, NAME)?;
        if known.is_some() && !renew {
            return Ok(None);
        }
        let password = tokens::one_time_password().map_err(random)?;
        let hash = passwords::hash(&password).map_err(random)?;
        match known {
            Some(user) => {
                self.set_password(OPERATORS, user.id, hash, true, SERVER)?;
            }
            None => {
                let new = NewUser { password: hash, newcomer: true, ..NewUser::known(NAME) };
                self.create_account(OPERATORS, "Operators", vec![(new, Permissions::LPA)], SERVER)?;
            }
        }
        Ok(Some(Login { account: OPERATORS, login_name: NAME, password }))
    }
}

impl NewUser {
    /// A user with the well-known password.
    fn known(name: &str) -> Self {
        Self {
            login_name: name.to_owned(),
            full_name: String::new(),
            email: String::new(),
            password: DEV_PASSWORD_HASH.to_owned(),
            newcomer: false,
        }
    }
}
