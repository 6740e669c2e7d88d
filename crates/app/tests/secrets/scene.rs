//! Everything that has to do with secrets, played once: each is set, used, and repeated by whoever was sent it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::process::ExitStatus;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::endpoint::{Endpoint, Heard, answer};
use crate::harness::Server;
use crate::mailbox::{Mailbox, passes};
use crate::search::{Secret, Secrets};
use crate::world::{EXTENSIONS, WORKFLOWS, World, plain, waiting};

const EXTENSION: &str = "4262b724-8dba-4fad-afc3-43fcbb497a0e";
const PASS: &str = "1b555e50-7f65-41d5-b514-5894a026d10d";
const WELCOME: &str = "70b29d51-b59a-4773-9280-8841dfd3f2ea";

/// What is set by the test.
const SET: [(&str, &str); 10] = [
    ("the mail server's password", "SmtpPa55w0rdSm0keSignal"),
    ("a bearer token", "B3arerT0kenBadgeSystem01"),
    ("an earlier bearer token", "B3arerT0kenOfTheYearPast"),
    ("a password of basic authentication", "Bas1cPa55w0rdOfTheBadges"),
    ("the signature in the address of a Logic App", "L0gicAppS1gnatureInQuery"),
    ("an earlier signature of a Logic App", "Las7YearsKeyOfTheCalls"),
    ("the password at the issuer of tokens", "Cl1entS3cretAtTheIssuer7"),
    ("a token of the issuer", "Acc3ssT0kenFromTheIssuer"),
    ("the password of somebody new", "N3wUsersPa55w0rdOnDayOne"),
    ("a password that was refused", "R3fusedPa55w0rdTooS00n"),
];

/// What nobody outside is sent: it was changed before it was used, is not kept, or is for those who call us.
const KEPT_BACK: [&str; 9] = [
    "an earlier bearer token",
    "an earlier signature of a Logic App",
    "the password of somebody new",
    "a password that was refused",
    "the signing secret",
    "the signing key",
    "the administrator's token",
    "a local token",
    "a pass that the API gave out",
];

fn set(what: &str) -> &'static str {
    SET.iter().find(|(known, _)| *known == what).unwrap().1
}

/// The scene, when everything in it is through.
pub(crate) struct Scene {
    pub(crate) world: World,
    mailbox: Mailbox,
    signing: String,
    /// Passes and tokens that the API gave out, each in the one answer that has it.
    given: RefCell<Vec<(String, String)>>,
    /// All other answers of the scene.
    said: RefCell<Vec<String>>,
    /// Who was called, and the issuer of tokens.
    called: Vec<Endpoint>,
}

impl Scene {
    pub(crate) fn played() -> Self {
        let (mailbox, issuer) = (Mailbox::start(), issuer());
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        file("smtp-password", set("the mail server's password"));
        file("client-secret", set("the password at the issuer of tokens"));
        let configuration = format!(
            "{}\n[extensions.tokens]\nendpoint = \"{}\"\nclientId = \"tenure\"\nclientSecretFile = \"client-secret\"\n\
             [mail]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nuser = \"tenure\"\n\
             passwordFile = \"smtp-password\"\nfrom = \"People <people@example.com>\"\n",
            crate::world::LOCAL,
            issuer.url("/token"),
            mailbox.port
        );
        file("tenure.toml", &configuration);
        let server = Server::start_in(folder.path(), &["--log", "trace"]);
        let mut scene = Self {
            world: World { server, folder },
            mailbox,
            signing: format!("whsec_{}", STANDARD.encode(b"S1gningKeyOfTheWebhooks0123456789")),
            given: RefCell::default(),
            said: RefCell::default(),
            called: Vec::new(),
        };
        let endpoints = ["200 OK", "400 Bad Request", "500 Internal Server Error"].map(echoing);
        let tasks = scene.extensions(&endpoints);
        scene.people_and_passes();
        scene.run(&tasks);
        scene.called.extend(endpoints);
        scene.called.push(issuer);
        scene
    }

    /// Extensions with each kind of proof, at endpoints that fail and one that does not, and the tasks that call them.
    fn extensions(&self, endpoints: &[Endpoint]) -> Vec<Json> {
        let mut tasks = Vec::new();
        for endpoint in endpoints {
            for (name, authentication) in self.proofs() {
                let mut extension = plain(&endpoint.url("/hook"));
                extension["displayName"] = json!(name);
                extension["authenticationConfiguration"] = authentication;
                tasks.push(calling(&self.create(EXTENSIONS, &extension)));
            }
            let app = |signature: &str| logic_app(&endpoint.url(&format!("/invoke?sig={}", set(signature))));
            let id = self.create(EXTENSIONS, &app("an earlier signature of a Logic App"));
            let path = format!("{EXTENSIONS}/{id}");
            let configuration = &app("the signature in the address of a Logic App")["endpointConfiguration"];
            self.patch(&path, &json!({ "endpointConfiguration": configuration }));
            tasks.push(calling(&id));
        }
        // One that waits; one whose secret is changed; one whose secret is refused.
        tasks.push(calling(&self.create(EXTENSIONS, &waiting(&endpoints[0]))));
        let path = format!("{EXTENSIONS}/{}", self.create(EXTENSIONS, &plain(&endpoints[0].url("/"))));
        for token in ["an earlier bearer token", "a bearer token"] {
            self.patch(&path, &json!({ "authenticationConfiguration": bearer(set(token)) }));
        }
        let refused = json!({
            "authenticationConfiguration": {
                "@odata.type": "#tenure.webhookSignature", "secret": set("a password that was refused"),
            },
        });
        let (status, answer) = self.world.server.patch(&path, &refused);
        assert_eq!(status, 400, "{answer}");
        self.hear(&path, &answer);
        tasks
    }

    fn proofs(&self) -> [(&'static str, Json); 5] {
        [
            ("bearer", bearer(set("a bearer token"))),
            (
                "basic",
                json!({
                    "@odata.type": "#tenure.basicAuthentication",
                    "username": "tenure",
                    "password": set("a password of basic authentication"),
                }),
            ),
            ("signed", json!({ "@odata.type": "#tenure.webhookSignature", "secret": self.signing })),
            ("pop", json!({ "@odata.type": "#microsoft.graph.azureAdPopTokenAuthentication" })),
            (
                "token",
                json!({
                    "@odata.type": "#microsoft.graph.azureAdTokenAuthentication",
                    "resourceId": "b0000000-0000-4000-8000-000000000001",
                }),
            ),
        ]
    }

    /// People who are mailed and not, a pass that the API gives out, a token that it makes.
    fn people_and_passes(&self) {
        for name in ["ann", "slow", "refused", "new"] {
            let person = json!({
                "displayName": name,
                "userPrincipalName": format!("{name}@example.com"),
                "mail": format!("{name}@example.com"),
                "mailNickname": name,
                "accountEnabled": false,
                "passwordProfile": { "password": set("the password of somebody new") },
            });
            let id = self.create("/v1.0/users", &person);
            if name == "new" {
                let path = format!("/v1.0/users/{id}/authentication/temporaryAccessPassMethods");
                let (status, given) = self.world.server.post(&path, &json!({ "lifetimeInMinutes": 60 }));
                assert_eq!(status, 201, "{given}");
                let pass = given["temporaryAccessPass"].as_str().unwrap().to_owned();
                self.given.borrow_mut().push(("a pass that the API gave out".to_owned(), pass));
                let (status, answer) = self.world.server.post(&path, &json!({ "lifetimeInMinutes": 60 }));
                assert_eq!(status, 400, "{answer}");
                self.hear(&path, &answer);
            }
        }
        let token = json!({ "name": "reader", "scopes": ["User.Read.All"] });
        let (status, made) = self.world.server.post("/v1.0/tenure.tokens", &token);
        assert_eq!(status, 201, "{made}");
        let token = made["token"].as_str().unwrap().to_owned();
        self.given.borrow_mut().push(("a local token".to_owned(), token));
    }

    /// A workflow with everything in it, run for everybody.
    fn run(&self, calls: &[Json]) {
        let retry = json!({ "maximumAttempts": 3, "firstWaitInSeconds": 1, "longestWaitInSeconds": 1 });
        let mut pass = task(
            "Pass",
            PASS,
            &[
                ("tapLifetimeMinutes", "60"),
                ("tapIsUsableOnce", "true"),
                ("to", "User"),
                ("customSubject", "Your way in"),
                ("customBody", "Your pass: [[{{temporaryAccessPass}}]]"),
            ],
        );
        let mut welcome = task("Welcome", WELCOME, &[]);
        pass["@tenure.retry"] = retry.clone();
        welcome["@tenure.retry"] = retry;
        let mut tasks = vec![welcome, pass];
        tasks.extend(calls.iter().cloned());
        for (place, task) in tasks.iter_mut().enumerate() {
            task["displayName"] = json!(format!("{place} {}", task["displayName"].as_str().unwrap()));
        }
        let workflow = json!({
            "category": "joiner",
            "displayName": "Everything",
            "isEnabled": true,
            "isSchedulingEnabled": false,
            "executionConditions": {
                "@odata.type": "#microsoft.graph.identityGovernance.onDemandExecutionOnly",
            },
            "tasks": tasks,
        });
        let workflow = self.create(WORKFLOWS, &workflow);
        let users = self.world.get("/v1.0/users?$select=id")["value"].as_array().unwrap().clone();
        let ids: Vec<&str> = users.iter().map(|user| user["id"].as_str().unwrap()).collect();
        self.world.activate(&workflow, &ids);
        for result in self.world.parked_at_last(&workflow, ids.len()) {
            self.world.resumed(&result, "Completed");
        }
        let run = self.world.finished(&workflow);
        self.hear("the run", &run);
        for result in self.world.results(&workflow) {
            self.hear("a result", &result);
        }
        assert_eq!(run["totalUsersCount"], 4, "{run}");
    }

    fn create(&self, path: &str, document: &Json) -> String {
        let (status, answer) = self.world.server.post(path, document);
        assert_eq!(status, 201, "{path}: {answer}");
        self.hear(path, &answer);
        answer["id"].as_str().unwrap().to_owned()
    }

    fn patch(&self, path: &str, document: &Json) {
        let (status, answer) = self.world.server.patch(path, document);
        assert_eq!(status, 204, "{path}: {answer}");
        self.hear(path, &answer);
    }

    fn hear(&self, path: &str, answer: &Json) {
        self.said.borrow_mut().push(format!("{path}: {answer}"));
    }

    /// What the API answered in the scene.
    pub(crate) fn said(&self) -> Vec<String> {
        self.said.borrow().clone()
    }

    /// Everything that is to be sent to somebody was.
    pub(crate) fn everything_was_sent(&self, secrets: &Secrets) {
        let mut heard = self.mailbox.heard().join("\n");
        for call in self.called.iter().flat_map(Endpoint::calls) {
            heard.push_str(&format!("{call:?}\n"));
        }
        let sent = secrets.found_in(heard.as_bytes());
        assert_eq!(sent.len(), secrets.len() - KEPT_BACK.len(), "{sent:?}");
        assert!(KEPT_BACK.iter().all(|what| !sent.contains(what)), "{sent:?}");
    }

    /// Everything that nobody is to find.
    pub(crate) fn secrets(&self) -> Secrets {
        let mut secrets: Vec<Secret> = SET.iter().map(|(what, text)| Secret::new(what, text)).collect();
        let signing = self.signing.strip_prefix("whsec_").unwrap();
        secrets.push(Secret::new("the signing secret", signing));
        secrets.push(Secret::of_bytes("the signing key", &STANDARD.decode(signing).unwrap()));
        secrets.push(Secret::new("the administrator's token", &self.world.server.token()));
        let given = self.given.borrow();
        secrets.extend(given.iter().map(|(what, text)| Secret::new(what, text)));
        let mailed: BTreeSet<String> = self.mailbox.heard().iter().flat_map(|mail| passes(mail)).collect();
        // Two were taken at once, one was put off and issued anew, one was refused.
        assert_eq!(mailed.len(), 5, "{mailed:?}");
        let numbered = mailed.iter().enumerate();
        secrets.extend(numbered.map(|(place, pass)| Secret::new(&format!("mailed pass {place}"), pass)));
        Secrets::new(secrets)
    }

    pub(crate) fn killed_and_started(self) -> Self {
        Self { world: self.world.killed_and_started(), ..self }
    }

    /// The folder of the server that has come to its end.
    pub(crate) fn stopped(self) -> (TempDir, ExitStatus) {
        let World { server, folder } = self.world;
        (folder, server.stop())
    }
}

fn bearer(token: &str) -> Json {
    json!({ "@odata.type": "#tenure.bearerToken", "token": token })
}

fn logic_app(url: &str) -> Json {
    json!({
        "displayName": "Logic App",
        "endpointConfiguration": {
            "@odata.type": "#microsoft.graph.logicAppTriggerEndpointConfiguration",
            "subscriptionId": "11112222-3333-4444-5555-666677778888",
            "resourceGroupName": "rg",
            "logicAppWorkflowName": "badge",
            "url": url,
        },
        "authenticationConfiguration": { "@odata.type": "#tenure.noAuthentication" },
        "clientConfiguration": { "maximumRetries": 0, "timeoutInMilliseconds": 2_000 },
    })
}

fn task(name: &str, definition: &str, arguments: &[(&str, &str)]) -> Json {
    let arguments: Vec<Json> =
        arguments.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    json!({
        "displayName": name,
        "taskDefinitionId": definition,
        "isEnabled": true,
        "continueOnError": true,
        "arguments": arguments,
    })
}

fn calling(extension: &str) -> Json {
    task("Call", EXTENSION, &[("customTaskExtensionID", extension)])
}

/// An endpoint that answers so, and repeats everything that it was sent.
fn echoing(status: &'static str) -> Endpoint {
    Endpoint::answering(move |_, heard: &Heard| answer(status, &format!("you sent {heard:?}")))
}

/// An issuer that turns the first one away, and repeats everything that it was sent.
fn issuer() -> Endpoint {
    Endpoint::answering(|number, heard| match number {
        1 => answer("401 Unauthorized", &format!("you sent {heard:?}")),
        _ => {
            let token = json!({
                "access_token": set("a token of the issuer"), "token_type": "Bearer", "expires_in": 3600,
            });
            answer("200 OK", &token.to_string())
        }
    })
}
