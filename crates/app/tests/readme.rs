//! The first workflow of `README.md`, typed into a shell as it stands there.

#![expect(clippy::unwrap_used, reason = "tests")]

mod harness;

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use harness::{Server, tenure_binary};
use serde_json::Value as Json;

const README: &str = include_str!("../../../README.md");

#[test]
fn the_first_workflow_goes_as_the_readme_says() {
    let blocks = commands("## A first workflow");
    let [start, names, person, workflow, run, became, schedule] = &blocks[..] else {
        panic!("other blocks than expected: {blocks:#?}")
    };
    assert_eq!(start, "cargo build --release\n./target/release/tenure serve\n");
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_in(folder.path(), &[]);
    let mut shell = Shell::beside(&server);

    shell.types(names);
    shell.types(person);
    shell.types(workflow);
    let person = shell.types("echo $USER_ID").trim().to_owned();
    let workflow = shell.types("echo $WORKFLOW_ID").trim().to_owned();
    let path = format!("/v1.0/identityGovernance/lifecycleWorkflows/workflows/{workflow}");
    assert_eq!(server.get(&format!("/v1.0/users/{person}")).1["displayName"], "Ann Lee");
    assert_eq!(server.get(&path).1["displayName"], "Sales: first day");

    assert_eq!(shell.types(run), "");
    let completed = |number: usize| {
        move |results: &Json| {
            let results = results["value"].as_array().unwrap();
            results.len() == number && results.iter().all(|result| result["processingStatus"] == "completed")
        }
    };
    let results = format!("{path}/userProcessingResults");
    server.wait_for(&results, completed(1));

    let said = shell.types(became);
    let mut documents = serde_json::Deserializer::from_str(&said).into_iter::<Json>();
    let result = documents.next().unwrap().unwrap()["value"][0].take();
    let user = documents.next().unwrap().unwrap();
    let outbox = &said[documents.byte_offset()..];
    assert_eq!(
        (&result["subject"]["id"], &result["processingStatus"]),
        (&person.into(), &"completed".into())
    );
    let tasks = result["taskProcessingResults"].as_array().unwrap();
    let names: Vec<&Json> = tasks.iter().map(|task| &task["task"]["displayName"]).collect();
    assert_eq!(names, ["Enable account", "Send welcome email"]);
    assert!(tasks.iter().all(|task| task["processingStatus"] == "completed"), "{result}");
    assert_eq!((&user["displayName"], &user["accountEnabled"]), (&"Ann Lee".into(), &true.into()));
    let mail = std::fs::read_to_string(server.data.join("outbox").join(outbox.trim())).unwrap();
    assert!(mail.contains("\nSubject: Welcome, Ann\r\n"), "{mail}");

    let listed = shell.types(schedule);
    assert!(listed.contains("ann.lee@example.com") && listed.contains("Sales: first day"), "{listed}");
    let both = server.wait_for(&results, completed(2));
    let kinds = [0, 1].map(|newest| &both["value"][newest]["workflowExecutionType"]);
    assert_eq!(kinds, ["scheduled", "onDemand"]);
    assert_eq!(std::fs::read_dir(server.data.join("outbox")).unwrap().count(), 2, "a second mail");
}

/// The shell commands below a heading, block by block.
fn commands(heading: &str) -> Vec<String> {
    let (_, section) = README.split_once(&format!("\n{heading}\n")).unwrap();
    let section = section.split_once("\n## ").map_or(section, |(section, _)| section);
    let blocks = section.split("```sh\n").skip(1);
    blocks.map(|block| block.split_once("```").unwrap().0.to_owned()).collect()
}

/// The reader's second terminal, in the folder where the server was started.
struct Shell {
    process: Child,
    keyboard: ChildStdin,
    screen: BufReader<ChildStdout>,
    url: String,
}

impl Shell {
    fn beside(server: &Server) -> Self {
        for tool in ["curl", "jq"] {
            let there = Command::new(tool).arg("--version").stdout(Stdio::null()).status();
            assert!(there.is_ok_and(|status| status.success()), "README.md needs {tool}: install it");
        }
        let built = server.folder.join("target/release");
        std::fs::create_dir_all(&built).unwrap();
        std::os::unix::fs::symlink(tenure_binary(), built.join("tenure")).unwrap();
        let mut command = Command::new("sh");
        command.arg("-eu").current_dir(&server.folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        // The port is not the one of the page: several servers run beside each other in tests.
        command.env("TENURE_URL", &server.url).env_remove("TENURE_TOKEN").env("NO_PROXY", "*");
        let mut process = command.spawn().unwrap();
        let keyboard = process.stdin.take().unwrap();
        let screen = BufReader::new(process.stdout.take().unwrap());
        Self { process, keyboard, screen, url: server.url.clone() }
    }

    /// Runs commands and gives what they printed.
    fn types(&mut self, commands: &str) -> String {
        const END: &str = "--- that was all";
        let commands = commands.replace("http://127.0.0.1:8460", &self.url);
        writeln!(self.keyboard, "{commands}\nprintf '\\n%s\\n' '{END}'").unwrap();
        let mut said = String::new();
        while !said.ends_with(&format!("\n{END}\n")) {
            let read = self.screen.read_line(&mut said).unwrap();
            assert!(read > 0, "the shell gave up after:\n{commands}\n{said}");
        }
        said.truncate(said.len() - END.len() - 2);
        said
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
