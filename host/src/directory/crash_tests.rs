//! A crash or a full disk at every single write of every kind of change to accounts, people, apps and what they were
//! given: afterwards the change is there whole or not at all, and it is there if it was acknowledged.

use super::{
    api_keys::ApiKeyRecord,
    apps::{AppMetadata, AppRecord},
    grants::{Brought, CodeRecord, Fresh, GrantRecord},
    *,
};
use crate::{
    activity::{Activity, activities_of},
    auth::{Permissions, TokenHash},
    oauth::{GrantTypes, Scope},
    store::{
        decode,
        faulty::{Fault, FaultyStore},
    },
};
use uuid::Uuid;

const ACCOUNT: &str = "1";
const NOW: u64 = 4_000_000_000_000;
const URI: &str = "https://app.example/callback";

struct House {
    store: Arc<FaultyStore>,
    directory: Directory,
}

fn hash(text: &str) -> TokenHash {
    TokenHash::of(text.as_bytes())
}

fn text(error: impl fmt::Display) -> String {
    error.to_string()
}

fn new_user(login_name: &str) -> NewUser {
    NewUser {
        login_name: login_name.to_owned(),
        full_name: String::new(),
        email: String::new(),
        password: "first".to_owned(),
        newcomer: true,
    }
}

impl House {
    fn over(store: &Arc<FaultyStore>) -> Self {
        Self { directory: Directory::new(Arc::clone(store) as Arc<dyn Store>), store: Arc::clone(store) }
    }

    fn user(&self, name: &str) -> Option<records::UserRecord> {
        self.directory.user_named(ACCOUNT, name).unwrap()
    }

    fn id(&self, name: &str) -> Uuid {
        self.user(name).unwrap().id
    }

    fn app(&self) -> AppRecord {
        self.directory.app(ACCOUNT, "app").unwrap().unwrap()
    }

    fn profile(&self, name: &str) -> Uuid {
        let profiles = self.directory.profiles(ACCOUNT).unwrap();
        profiles.into_iter().find(|profile| profile.name == name).unwrap().id
    }

    /// What anybody can see, without what is drawn at random.
    fn seen(&self) -> String {
        let directory = &self.directory;
        let mut seen = Vec::new();
        directory
            .each_account(|account| {
                seen.push(format!("account {} {}", account.id, account.name));
                Ok(())
            })
            .unwrap();
        for profile in directory.profiles(ACCOUNT).unwrap() {
            seen.push(format!("profile {} {:?}", profile.name, profile.permissions));
        }
        for user in directory.users(ACCOUNT).unwrap() {
            // Under the name too, or under neither.
            assert_eq!(self.id(&user.login_name), user.id);
            let may = directory.permissions(&user).unwrap();
            let state = (&user.full_name, &user.password, user.newcomer, user.enabled);
            seen.push(format!("user {} {may:?} {state:?}", user.login_name));
            for key in directory.api_keys(ACCOUNT, user.id).unwrap() {
                seen.push(format!("key {} of {}", key.app_key, user.login_name));
            }
        }
        for app in directory.apps(ACCOUNT).unwrap() {
            seen.push(format!(
                "app {} {} {:?} {}",
                app.client_id, app.metadata.name, app.secret, app.enabled
            ));
        }
        assert_eq!(directory.count_apps(ACCOUNT).unwrap(), directory.apps(ACCOUNT).unwrap().len());
        for token in ["a1", "a2"] {
            let open = directory.granted(&hash(token), NOW).unwrap().is_some();
            seen.push(format!("token {token} {open}"));
        }
        self.store
            .scan(&activities_of(ACCOUNT), &mut |key, bytes| {
                let activity: Activity = decode(key, bytes)?;
                seen.push(format!("told {:?} {:?} {}", activity.action, activity.subject, activity.name));
                Ok(())
            })
            .unwrap();
        seen.sort();
        seen.join("\n")
    }
}

fn exchange(house: &House) -> Result<(), String> {
    let (access, refresh) = (hash("a1"), hash("r1"));
    let brought = Brought { code: &hash("code"), redirect_uri: Some(URI), verifier: None };
    let fresh = Fresh { access: &access, refresh: Some(&refresh) };
    house.directory.exchange(&house.app(), brought, fresh, NOW).map(|_| ()).map_err(text)
}

fn refresh(house: &House) -> Result<(), String> {
    let (access, refresh) = (hash("a2"), hash("r2"));
    let fresh = Fresh { access: &access, refresh: Some(&refresh) };
    house.directory.refresh(&house.app(), &hash("r1"), None, fresh, NOW).map(|_| ()).map_err(text)
}

fn agree(house: &House) -> Result<(), String> {
    let (app, user) = (house.app(), house.user("ada").unwrap());
    let grant = GrantRecord::new(&app, &user, (Scope::INVOKE, false), None, NOW);
    let record = CodeRecord {
        account: ACCOUNT.to_owned(),
        grant: grant.id,
        redirect_uri: URI.to_owned(),
        named: true,
        challenge: None,
        expires_at: NOW + 1_000,
        used: false,
    };
    house.directory.agree(&grant, &hash("code"), &record, &app, "ada").map_err(text)
}

fn install(house: &House) -> Result<(), String> {
    let metadata = AppMetadata {
        name: "an app".to_owned(),
        grant_types: GrantTypes::AUTHORIZATION_CODE.and(GrantTypes::REFRESH_TOKEN),
        scope: Scope::INVOKE,
        redirect_uris: vec![URI.to_owned()],
    };
    let secret = Some(hash("secret").to_hex());
    let app = AppRecord::new(ACCOUNT, "app".to_owned(), secret, metadata, "me");
    house.directory.create_app(&app, 9).map_err(text)
}

fn api_key(house: &House) -> Result<(), String> {
    let proof = hash("proof").to_hex();
    let key = ApiKeyRecord {
        account: ACCOUNT.to_owned(),
        user: house.id("bob"),
        app_key: "key".to_owned(),
        secret: proof.clone(),
        access_token: proof.clone(),
        access_token_secret: proof,
        name: "nightly".to_owned(),
        created_at: NOW,
        created_by: "me".to_owned(),
    };
    house.directory.create_api_key(&key).map_err(text)
}

/// One change; `Err` when it was not acknowledged.
type Change = fn(&House) -> Result<(), String>;

/// Each kind of change there is, in an order in which each has something to change.
const CHANGES: [(&str, Change); 16] = [
    ("open an account", |house| {
        let people = vec![(new_user("ada"), Permissions::LPA)];
        house.directory.create_account(ACCOUNT, "one", people, "me").map(|_| ()).map_err(text)
    }),
    ("make a profile", |house| {
        let made = house.directory.create_profile(ACCOUNT, "staff", Permissions::LPA, "me");
        made.map(|_| ()).map_err(text)
    }),
    ("make a user", |house| {
        let grant = Grant::Profiles(vec!["staff".to_owned()]);
        house.directory.create_user(ACCOUNT, new_user("bob"), &grant, "me").map(|_| ()).map_err(text)
    }),
    ("change a user", |house| {
        let change = UserChange { full_name: Some("Bob".to_owned()), ..UserChange::default() };
        house.directory.change_user(ACCOUNT, house.id("bob"), change, "me").map(|_| ()).map_err(text)
    }),
    ("change a profile", |house| {
        let (id, name) = (house.profile("staff"), Some("people".to_owned()));
        house.directory.change_profile(ACCOUNT, id, name, None, "me").map(|_| ()).map_err(text)
    }),
    ("set a password", |house| {
        let id = house.id("bob");
        house.directory.set_password(ACCOUNT, id, "second".to_owned(), false, "me").map(|_| ()).map_err(text)
    }),
    ("make an API key", api_key),
    ("install an app", install),
    ("change an app", |house| {
        let change = |app: &mut AppRecord| {
            app.metadata.name = "our app".to_owned();
            Ok::<_, DirectoryError>(())
        };
        house.directory.change_app(ACCOUNT, "app", None, "me", change).map(|_| ()).map_err(text)
    }),
    ("agree", agree),
    ("exchange a code", exchange),
    ("refresh", refresh),
    ("take a token back", |house| {
        house.directory.revoke_token(&house.app(), &hash("r2")).map(|_| ()).map_err(text)
    }),
    ("remove an app", |house| house.directory.delete_app(ACCOUNT, "app", "me").map_err(text)),
    ("remove an API key", |house| {
        house.directory.delete_api_key(ACCOUNT, house.id("bob"), "key", "me").map_err(text)
    }),
    ("remove a user", |house| house.directory.delete_user(ACCOUNT, house.id("bob"), "me").map_err(text)),
];

#[test]
fn whatever_write_fails_a_change_is_there_whole_or_not_at_all() {
    let mut faults = 0;
    let mut before = Arc::new(FaultyStore::default());
    for (name, change) in CHANGES {
        // Once without a fault: from its end on it is acknowledged.
        let store = before.survivors().pop().unwrap();
        let house = House::over(&store);
        let (old, done) = (house.seen(), change(&house));
        done.unwrap_or_else(|error| panic!("{name}: {error}"));
        let new = house.seen();
        assert!(old != new || name == "agree", "{name} changes nothing");
        // Even if nothing behind the acknowledgement reaches the disk.
        let acknowledged = store.survivors().remove(0);
        assert_eq!(House::over(&acknowledged).seen(), new, "{name}");
        for fault in [Fault::Before, Fault::After, Fault::Full] {
            for at in 0.. {
                let store = before.survivors().pop().unwrap();
                let house = House::over(&store);
                store.breaking(at, fault);
                let outcome = change(&house);
                if !store.broke() {
                    break;
                }
                faults += 1;
                assert!(
                    outcome.is_err(),
                    "{name}, write {at}, {fault:?}: acknowledged without being written"
                );
                for survivor in store.survivors() {
                    let seen = House::over(&survivor).seen();
                    assert!(
                        seen == old || seen == new,
                        "{name}, write {at}, {fault:?}:\n{seen}\n\n{old}\n\n{new}"
                    );
                }
            }
        }
        before = acknowledged;
    }
    assert!(faults >= CHANGES.len() * 6, "only {faults} faults met a write");
}
