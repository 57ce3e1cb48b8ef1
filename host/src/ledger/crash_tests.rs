//! A crash or a full disk at every single write of every kind of change: what was acknowledged is there, and what is
//! there is whole.

use std::collections::HashMap;

use super::*;
use crate::{
    domain::Domain,
    lambda::DeploymentState,
    schedule::ScheduleRecord,
    sealing::{KEY, Sealer},
    secrets::{SecretValue, Secrets},
    store::faulty::{Fault, FaultyStore},
    whitelist::Whitelist,
};

const ACCOUNT: &str = "a";
const SCHEDULE: Uuid = Uuid::from_u128(7);
const TICK: u64 = 60_000;

/// The rooms over one store.
struct House {
    ledger: Arc<Ledger>,
    whitelist: Whitelist,
    secrets: Secrets,
}

impl House {
    fn over(store: &Arc<FaultyStore>) -> Self {
        let ledger = Ledger::open(Arc::clone(store) as Arc<dyn Store>, AccountLimits::default()).unwrap();
        let ledger = Arc::new(ledger);
        Self {
            whitelist: Whitelist::open(Arc::clone(&ledger), true).unwrap(),
            secrets: Secrets::open(Arc::clone(&ledger), Sealer::new(&[7; KEY])).unwrap(),
            ledger,
        }
    }

    /// What anybody can see, as text to compare.
    fn seen(&self) -> String {
        let mut seen = Vec::new();
        self.ledger
            .each_id(ACCOUNT, |uuid| {
                let Whole { lambda, source, last_deployment } = self.ledger.whole(ACCOUNT, uuid).unwrap();
                let deployment = last_deployment.map(|deployment| deployment.state);
                seen.push(format!(
                    "{} v{} {source} {:?} {:?} {deployment:?}",
                    lambda.definition.name, lambda.version, lambda.state, lambda.productive
                ));
                Ok(())
            })
            .unwrap();
        for entry in self.ledger.whitelisted(ACCOUNT).unwrap() {
            seen.push(format!("{} {}", entry.id, entry.domain.as_str()));
        }
        for schedule in self.ledger.schedules(ACCOUNT).unwrap() {
            let run = (schedule.claimed, schedule.last_execution, schedule.last_failed);
            seen.push(format!("schedule {} {run:?}", schedule.expression));
        }
        let mut keys = Vec::new();
        self.ledger
            .each_secret(ACCOUNT, |record| {
                keys.push((record.key, record.version));
                Ok(())
            })
            .unwrap();
        for (key, version) in keys {
            let value = self.secrets.show(ACCOUNT, &key, "reader").unwrap().1;
            seen.push(format!("{key} v{version} {}", value.json()));
        }
        seen.join("\n")
    }

    /// Every reference leads somewhere, and every change has its activity.
    fn check(&self) {
        let mut activities: HashMap<String, usize> = HashMap::new();
        self.ledger
            .each_activity(ACCOUNT, None, |_, activity| {
                let what = format!("{:?} {:?} {}", activity.subject, activity.action, activity.name);
                *activities.entry(what).or_default() += 1;
                Ok(true)
            })
            .unwrap();
        let mut told = |what: String| activities.remove(&what).unwrap_or_default();
        let mut named = 0;
        self.ledger
            .each_id(ACCOUNT, |uuid| {
                named += 1;
                let Whole { lambda, .. } = self.ledger.whole(ACCOUNT, uuid).unwrap();
                let name = &lambda.definition.name;
                assert_eq!(told(format!("Lambda Create {name}")), 1);
                assert_eq!(told(format!("Lambda Update {name}")) as u64 + 1, lambda.version, "{name}");
                assert_eq!(told(format!("Lambda Deploy {name}")) as u64, lambda.last_deployment, "{name}");
                if let Some(sequence) = lambda.productive {
                    assert!(self.ledger.deployment(uuid, sequence).unwrap().is_some(), "{name}");
                }
                self.ledger.each_deployment(uuid, |deployment| {
                    self.ledger.source(uuid, &deployment.source).map(|_| ())
                })
            })
            .unwrap();
        let mut lambdas = 0;
        self.ledger
            .each_lambda(|_| {
                lambdas += 1;
                Ok(())
            })
            .unwrap();
        assert_eq!(named, lambdas, "every lambda has its name, every name its lambda");
        let entries = self.ledger.whitelisted(ACCOUNT).unwrap();
        for domain in ["one.example", "two.example"] {
            let listed = entries.iter().any(|entry| entry.domain.as_str() == domain);
            let created = told(format!("Whitelist Create {domain}"));
            assert_eq!(created - told(format!("Whitelist Delete {domain}")), usize::from(listed), "{domain}");
        }
        for key in ["kept", "gone"] {
            let secret = self.ledger.secret(ACCOUNT, key).unwrap();
            let changes = told(format!("Secret Create {key}")) + told(format!("Secret Update {key}"));
            let deleted = told(format!("Secret Delete {key}"));
            match secret {
                Some(secret) => assert_eq!((changes as u64, deleted), (secret.version, 0), "{key}"),
                None => assert_eq!(changes, deleted, "{key}"),
            }
        }
    }
}

/// One change; `Err` when it was not acknowledged.
type Change = fn(&House) -> Result<(), String>;

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn written(name: &str, source: &'static str) -> Written<'static> {
    let definition = Definition {
        name: name.to_owned(),
        description: "d".to_owned(),
        event_id: None,
        skills: Vec::new(),
        sample_payload: None,
        source: ContentHash::of(source.as_bytes()),
        environment: Vec::new(),
        dependencies: Vec::new(),
        reuse: false,
    };
    Written { definition, source }
}

fn id(house: &House, name: &str) -> Uuid {
    read(&*house.ledger.store, &name_key(ACCOUNT, name)).unwrap().unwrap()
}

fn deploy(house: &House, end: DeploymentState) -> Result<(), String> {
    let ledger = &house.ledger;
    let mut deployment = ledger.begin_deployment(ACCOUNT, id(house, "one"), "me").map_err(text)?;
    ledger.advance(&mut deployment, DeploymentState::DeployStart).map_err(text)?;
    if end == DeploymentState::DeployFinish {
        ledger.commit_deployment(&deployment).map_err(text)?;
    }
    deployment.state = end;
    ledger.end_deployment(&mut deployment).map_err(text)
}

fn domain(house: &House, domain: &str) -> Result<(), String> {
    let parsed = Domain::parse(domain, true).unwrap();
    house.whitelist.add(ACCOUNT, parsed, domain.to_owned(), "me").map(|_| ()).map_err(text)
}

fn secret(house: &House, key: &str, json: &str) -> Result<(), String> {
    let value = SecretValue::parse(json).unwrap();
    house.secrets.create(ACCOUNT, key, &value, None, "me").map(|_| ()).map_err(text)
}

fn schedule(house: &House) -> Result<(), String> {
    let schedule = ScheduleRecord {
        uuid: SCHEDULE,
        account: ACCOUNT.to_owned(),
        lambda: id(house, "one"),
        expression: "* * * * *".to_owned(),
        active: true,
        input: None,
        created_by: "me".to_owned(),
        claimed: 0,
        last_execution: None,
        last_failed: None,
    };
    house.ledger.add_schedule(&schedule).map_err(text)
}

/// Each kind of change there is, in an order in which each has something to change.
const CHANGES: [(&str, Change); 19] = [
    ("create", |house| house.ledger.create(ACCOUNT, written("one", "1"), "me").map(|_| ()).map_err(text)),
    ("create another", |house| {
        house.ledger.create(ACCOUNT, written("two", "1"), "me").map(|_| ()).map_err(text)
    }),
    ("deploy", |house| deploy(house, DeploymentState::DeployFinish)),
    ("save", |house| {
        house.ledger.save(ACCOUNT, id(house, "one"), 1, written("one", "2"), "me").map(|_| ()).map_err(text)
    }),
    ("deploy in vain", |house| deploy(house, DeploymentState::BuildError)),
    ("add a domain", |house| domain(house, "one.example")),
    ("add another", |house| domain(house, "two.example")),
    ("remove a domain", |house| house.whitelist.remove(ACCOUNT, "one.example", "me").map_err(text)),
    ("create a secret", |house| secret(house, "kept", "\"first\"")),
    ("create another", |house| secret(house, "gone", "1")),
    ("replace a secret", |house| {
        let value = SecretValue::parse("\"second\"").unwrap();
        house.secrets.replace(ACCOUNT, "kept", 1, &value, None, "me").map(|_| ()).map_err(text)
    }),
    ("delete a secret", |house| house.secrets.delete(ACCOUNT, "gone", "me").map_err(text)),
    ("make a schedule", schedule),
    ("change a schedule", |house| {
        let change = |schedule: &mut ScheduleRecord| "*/5 * * * *".clone_into(&mut schedule.expression);
        house.ledger.change_schedule(ACCOUNT, SCHEDULE, "me", change).map(|_| ()).map_err(text)
    }),
    ("give a tick out", |house| {
        let tick = Tick { account: ACCOUNT.to_owned(), schedule: SCHEDULE, at: TICK };
        house.ledger.claim(&[tick]).map(|_| ()).map_err(text)
    }),
    ("delete a schedule", |house| house.ledger.remove_schedule(ACCOUNT, SCHEDULE, "me").map_err(text)),
    ("undeploy", |house| house.ledger.mark_undeployed(ACCOUNT, id(house, "one"), "me").map_err(text)),
    ("end of it", |house| house.ledger.end_undeployment(ACCOUNT, id(house, "one")).map_err(text)),
    ("delete", |house| house.ledger.delete(ACCOUNT, id(house, "two"), "me").map_err(text)),
];

#[test]
fn whatever_write_fails_nothing_acknowledged_is_lost_and_nothing_half_written_is_seen() {
    let mut faults = 0;
    let mut before = Arc::new(FaultyStore::default());
    for (name, change) in CHANGES {
        for fault in [Fault::Before, Fault::After, Fault::Full] {
            for at in 0.. {
                let store = before.survivors().pop().unwrap();
                let house = House::over(&store);
                let acknowledged = house.seen();
                store.breaking(at, fault);
                let outcome = change(&house);
                if !store.broke() {
                    outcome.unwrap_or_else(|error| panic!("{name}: {error}"));
                    break;
                }
                faults += 1;
                assert!(
                    outcome.is_err(),
                    "{name}, write {at}, {fault:?}: acknowledged without being written"
                );
                // Nothing more is taken until the next start.
                assert!(!house.ledger.healthy() && domain(&house, "three.example").is_err());
                for survivor in store.survivors() {
                    let house = House::over(&survivor);
                    house.check();
                    let seen = house.seen();
                    for line in acknowledged.lines() {
                        let thing = line.split(' ').next().unwrap();
                        assert!(
                            seen.lines().any(|line| line.split(' ').next() == Some(thing))
                                || name.starts_with("delete")
                                || name.starts_with("remove"),
                            "{name}, write {at}, {fault:?}: `{line}` is gone:\n{seen}"
                        );
                    }
                    // What the change does not touch is as it was.
                    let same = acknowledged.lines().filter(|line| seen.contains(line)).count();
                    assert!(
                        same + 1 >= acknowledged.lines().count(),
                        "{name}, write {at}, {fault:?}:\n{acknowledged}\n\n{seen}"
                    );
                }
            }
        }
        // Once more without a fault: from here on it is acknowledged.
        let store = before.survivors().pop().unwrap();
        let house = House::over(&store);
        change(&house).unwrap_or_else(|error| panic!("{name}: {error}"));
        let acknowledged = house.seen();
        // Even if not one write behind the acknowledgement reaches the disk.
        let survivor = store.survivors().remove(0);
        assert_eq!(House::over(&survivor).seen(), acknowledged, "{name}");
        House::over(&survivor).check();
        before = survivor;
    }
    assert!(faults >= CHANGES.len() * 6, "only {faults} faults met a write");
}
