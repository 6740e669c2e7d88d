//! `GET …/userProcessingResults/{id}` and what hangs below it (seed-surface §2, §3.3)

use serde_json::json;

use crate::company::Company;

#[test]
fn a_result_is_got_by_its_id_below_workflow_and_run() {
    for company in [Company::new(), Company::deleted()] {
        let listed = company.results(1).remove(1);
        let id = listed["id"].as_str().unwrap();
        for path in [
            format!("userProcessingResults/{id}"),
            format!("runs/{}/userProcessingResults/{id}", company.runs[1]),
            format!("runs('{}')/userProcessingResults('{id}')", company.runs[1]),
            format!("RUNS/{}/userprocessingresults/{}", company.runs[1], id.to_uppercase()),
        ] {
            for path in company.both(&path) {
                let mut result = company.api.get(&path).is(200);
                let context = result.as_object_mut().unwrap().shift_remove("@odata.context").unwrap();
                assert!(context.as_str().unwrap().ends_with("userProcessingResults/$entity"), "{context}");
                assert_eq!(result, listed, "{path}");
            }
        }
    }
}

#[test]
fn only_what_is_selected_is_shown() {
    let company = Company::new();
    let path = company.path_of(1, 1);
    let result = company
        .api
        .get(&format!("{path}?$select=id,subject&$expand=taskProcessingResults($select=id)"))
        .is(200);
    let names: Vec<&String> = result.as_object().unwrap().keys().collect();
    assert_eq!(names, ["@odata.context", "id", "subject", "taskProcessingResults"]);
    company.api.get(&format!("{path}?$select=shoeSize")).refused(400, "shoeSize");
    company.api.get(&format!("{path}?$expand=run")).refused(400, "run");
}

#[test]
fn nothing_is_reprocessed_yet() {
    let company = Company::new();
    let path = format!("{}/reprocessedRuns", company.path_of(1, 1));
    assert_eq!(company.api.get(&path).is(200)["value"], json!([]));
    assert_eq!(company.api.get(&format!("{path}/$count")).is(200), "0");
}

#[test]
fn an_id_is_found_only_where_it_belongs() {
    let company = Company::new();
    let (of_run_1, run_0) = (company.result(1, 1), &company.runs[0]);
    let other = company.api.workflow(&crate::company::on_demand("Other"));
    let stranger = format!("7{}", &of_run_1[1..]);
    // The same address in another store: the epoch stands behind the kind.
    let foreign = format!("2abcdef0{}", &of_run_1[8..]);
    for path in [
        format!("{}/runs/{run_0}/userProcessingResults/{of_run_1}", company.base),
        format!("@/workflows/{other}/userProcessingResults/{of_run_1}"),
        format!("@/workflows/{other}/runs/{run_0}"),
        format!("@/deletedItems/workflows/{}/userProcessingResults/{of_run_1}", company.workflow),
        format!("{}/userProcessingResults/{foreign}", company.base),
        format!("{}/userProcessingResults/{stranger}", company.base),
        format!("{}/userProcessingResults/{run_0}", company.base),
        format!("{}/userProcessingResults/nonsense", company.base),
        format!("{}/userProcessingResults/{}", company.base, company.workflow),
        format!("{}/runs/{of_run_1}/userProcessingResults", company.base),
        format!("{}/runs/{}/userProcessingResults", company.base, foreign.replacen('2', "1", 1)),
    ] {
        company.api.get(&path).refused(404, "does not exist");
        if path.contains("userProcessingResults/") {
            company.api.get(&format!("{path}/subject")).refused(404, "");
            company.api.get(&format!("{path}/taskProcessingResults")).refused(404, "");
            company.api.get(&format!("{path}/taskProcessingResults/$count")).refused(404, "");
            company.api.get(&format!("{path}/reprocessedRuns")).refused(404, "");
        }
    }
}
