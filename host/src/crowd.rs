//! A data directory with many accounts and lambdas in it, made in a minute: for measurements and load tests.
//!
//! The ledger and the directory write it as they would for calls of the API, only that the disk is waited for once,
//! at the end. Images are left out: they are made again from the sources when they are needed.

use std::{path::Path, sync::Arc};

use crate::{
    account_limits::AccountLimits,
    artifacts::ContentHash,
    auth::Permissions,
    config::DEV_PASSWORD_HASH,
    data::DataDirectory,
    directory::{Directory, DirectoryError, NewUser},
    error::HostError,
    lambda::{Definition, DeploymentState},
    ledger::{Ledger, LedgerError, Written},
    store::{Batch, Key, SledStore, Store, StoreError, Visit, VisitSome},
};

/// Who made all of it.
const MAKER: &str = "crowd";

/// The number of the first account.
const FIRST: usize = 1_000_000;

/// The event of each account's first lambda.
const EVENT: &str = "conversational_command";

/// Makes so many accounts with a user and so many served lambdas each. Blocks.
///
/// # Errors
///
/// When the directory cannot be used or written.
pub fn crowd(data: &Path, accounts: usize, lambdas: usize) -> Result<(), HostError> {
    let data = DataDirectory::open(data)?;
    let store = Arc::new(SledStore::open(&data.folder_path("database"))?);
    let hasty: Arc<dyn Store> = Arc::new(Hasty(Arc::clone(&store)));
    let doing = "the crowd cannot be written";
    let limits = AccountLimits { functions: lambdas, deployed: lambdas, ..AccountLimits::default() };
    let ledger =
        Ledger::open(Arc::clone(&hasty), limits).map_err(|error| HostError::while_doing(doing, error))?;
    let directory = Directory::new(hasty);
    for number in 0..accounts {
        let account = (FIRST + number).to_string();
        settle(&directory, &account).map_err(|error| HostError::while_doing(doing, error))?;
        for lambda in 0..lambdas {
            serve(&ledger, &account, lambda).map_err(|error| HostError::while_doing(doing, error))?;
        }
    }
    store.flush().map_err(|error| HostError::while_doing(doing, error))
}

/// Makes an account.
fn settle(directory: &Directory, account: &str) -> Result<(), DirectoryError> {
    let user = NewUser {
        login_name: "someone".to_owned(),
        full_name: String::new(),
        email: String::new(),
        password: DEV_PASSWORD_HASH.to_owned(),
        newcomer: false,
    };
    directory.create_account(account, account, vec![(user, Permissions::LPA)], MAKER).map(drop)
}

/// Makes a lambda, and a deployment of it that went well.
fn serve(ledger: &Ledger, account: &str, number: usize) -> Result<(), LedgerError> {
    let source = format!(
        "// One of the lambdas of {account}.\nfunction lambda(input, callback) {{\n  callback(null, `Hello from {number}`);\n}}\n"
    );
    let definition = Definition {
        name: format!("lambda{number}"),
        description: "one of a crowd".to_owned(),
        event_id: (number == 0).then(|| EVENT.to_owned()),
        skills: Vec::new(),
        sample_payload: None,
        source: ContentHash::of(source.as_bytes()),
        environment: Vec::new(),
        dependencies: Vec::new(),
        reuse: false,
    };
    let lambda = ledger.create(account, Written { definition, source: &source }, MAKER)?;
    let mut deployment = ledger.begin_deployment(account, lambda.uuid, MAKER)?;
    deployment.image = Some(ContentHash::of(b"to be frozen"));
    deployment.state = DeploymentState::DeployStart;
    ledger.commit_deployment(&deployment)?;
    deployment.state = DeploymentState::DeployFinish;
    ledger.end_deployment(&mut deployment)
}

/// A store that does not wait for the disk.
struct Hasty(Arc<SledStore>);

impl Store for Hasty {
    fn get(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.get(key)
    }

    fn scan(&self, prefix: &Key, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        self.0.scan(prefix, visit)
    }

    fn scan_back(
        &self,
        prefix: &Key,
        before: Option<&Key>,
        visit: &mut VisitSome<'_>,
    ) -> Result<(), StoreError> {
        self.0.scan_back(prefix, before, visit)
    }

    fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        self.0.apply(batch)
    }

    fn flush(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn healthy(&self) -> bool {
        self.0.healthy()
    }
}
