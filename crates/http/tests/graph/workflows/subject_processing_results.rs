//! `…/subjectProcessingResults`: the results of users, told by the kind of their subject

use serde_json::{Value as Json, json};

use crate::api::ids;
use crate::company::Company;

#[test]
fn each_is_the_result_of_a_user_in_other_words() {
    for company in [Company::new(), Company::deleted()] {
        let api = &company.api;
        for parent in company.parents(1) {
            let twin = parent.replace("userProcessingResults", "subjectProcessingResults");
            let (users, subjects) = (api.all(&parent), api.all(&twin));
            assert_eq!(ids(&users), ids(&subjects));
            for (user, subject) in users.iter().zip(&subjects) {
                let mut expected = user.clone();
                if !user["subject"].is_null() {
                    expected["subject"] = json!({
                        "@odata.type": "#microsoft.graph.identityGovernance.directoryObjectWorkflowSubject",
                        "directoryObject": { "@odata.type": "#microsoft.graph.user", "id": user["subject"]["id"] },
                    });
                }
                expected["subjectType"] = json!("user");
                assert_eq!(*subject, expected);
            }
            assert_eq!(api.get(&format!("{twin}/$count")).is(200), users.len().to_string());
            let one = format!("{twin}/{}", users[0]["id"].as_str().unwrap());
            assert_eq!(api.get(&one).is(200)["id"], users[0]["id"]);
            assert_eq!(
                api.all(&format!("{one}/taskProcessingResults")),
                api.all(&format!("{parent}/{}/taskProcessingResults", users[0]["id"].as_str().unwrap()))
            );
            assert!(api.all(&format!("{one}/reprocessedRuns")).is_empty());
            let filtered =
                api.get(&format!("{twin}?$filter=processingStatus eq 'failed'&$count=true")).is(200);
            let failed = users.iter().filter(|user| user["processingStatus"] == "failed").count();
            assert_eq!(filtered["@odata.count"], failed);
        }
    }
}

#[test]
fn the_summary_has_the_numbers_of_the_users() {
    let company = Company::new();
    let times = "summary(startDateTime=2026-03-01T00:00:00Z,endDateTime=2026-03-08T00:00:00Z)";
    for parent in company.parents(1) {
        let users = company.api.get(&format!("{parent}/{times}")).is(200);
        let twin = parent.replace("userProcessingResults", "subjectProcessingResults");
        let mut subjects = company.api.get(&format!("{twin}/{times}")).is(200);
        let context = subjects.as_object_mut().unwrap().shift_remove("@odata.context").unwrap();
        assert!(context.as_str().unwrap().ends_with("#microsoft.graph.identityGovernance.subjectSummary"));
        let expected: Json = json!({
            "failedSubjects": users["failedUsers"], "failedTasks": users["failedTasks"],
            "successfulSubjects": users["successfulUsers"], "totalSubjects": users["totalUsers"],
            "totalTasks": users["totalTasks"],
        });
        assert_eq!(subjects, expected);
    }
}
