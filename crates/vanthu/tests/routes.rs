//! Nothing may be forgotten: every route refuses a stranger, every route of the API is in the OpenAPI document.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{collections::BTreeSet, fs, path::Path};

use vanthu::testing::Office;

/// Paths given to `.route("…"` anywhere in the program.
fn routes() -> BTreeSet<String> {
    fn walk(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                for (at, mark) in text.match_indices(".route(") {
                    let rest = text[at + mark.len()..].trim_start();
                    if let Some(rest) = rest.strip_prefix('"') {
                        found.extend(rest.split('"').next().map(str::to_owned));
                    }
                }
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

/// Open to everybody, on purpose.
const OPEN: &[&str] = &[
    "/sign-in",
    "/health/live",
    "/health/ready",
    "/assets/{*path}",
    "/api/v1/tokens",
    "/api/v1/openapi.json",
    // The ticket in the address is the permission: one fetch, one answer, ten minutes.
    "/signing/tickets/{token}",
];

/// An address of the route: ids for whatever is not known by name.
fn filled(route: &str) -> String {
    let parts = route.split('/').map(|part| match part {
        "{key}" => "handling",
        "{kind}" => "incoming",
        part if part.starts_with('{') => "018f0000-0000-7000-8000-000000000001",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_route_refuses_a_stranger() {
    let office = Office::new().await;
    let all = routes();
    assert!(all.len() > 8, "only {} routes found", all.len());
    for open in OPEN {
        assert!(
            all.contains(*open),
            "{open} stands on the list of open routes but does not exist"
        );
    }
    for route in all.iter().filter(|route| !OPEN.contains(&route.as_str())) {
        let path = filled(route);
        for method in ["GET", "POST"] {
            let answer = office.stranger(method, &path).await;
            let refused = answer.status.as_u16() == 401
                || answer.status.as_u16() == 405
                || answer.location.starts_with("/sign-in");
            assert!(
                refused,
                "{method} {path} answers a stranger with {} {}",
                answer.status, answer.location
            );
        }
    }
}

#[tokio::test]
async fn qc01_23_2c_every_route_waits_for_the_first_change_of_the_password() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let officer = office.person("annv.stttt").await;
    let reset = format!("/api/v1/accounts/{}/reset-password", officer.account);
    administrator.api(&reset, &serde_json::json!({})).await.ok();
    let officer = office.person("annv.stttt").await;
    let open = |route: &String| {
        OPEN.contains(&route.as_str()) || matches!(route.as_str(), "/account/password" | "/sign-out")
    };
    for route in routes().iter().filter(|route| !open(route)) {
        let path = filled(route);
        let answers = if route.starts_with("/api/") {
            [
                officer.api_get(&path).await,
                officer.api(&path, &serde_json::json!({})).await,
            ]
        } else {
            [officer.get(&path).await, officer.post(&path, &[]).await]
        };
        for answer in answers {
            let held = match answer.status.as_u16() {
                403 => answer.text.contains("account.must_change_password"),
                405 => true,
                _ => answer.location == "/account/password",
            };
            assert!(held, "{path}: {} {}", answer.status, answer.text);
        }
    }
}

#[tokio::test]
async fn every_route_of_the_api_is_documented() {
    let document = serde_json::to_value(vanthu::api::document()).unwrap();
    let documented: BTreeSet<String> = document["paths"].as_object().unwrap().keys().cloned().collect();
    let routes: BTreeSet<String> = routes()
        .into_iter()
        .filter(|route| route.starts_with("/api/") && route != "/api/v1/openapi.json")
        .collect();
    assert_eq!(routes, documented);
}
