//! QC01-9.2, MD-02: codes outlive the agencies and the documents that bear them.

use super::*;

#[tokio::test]
async fn qc01_9_2_an_agency_of_ours_keeps_the_codes_that_it_had() {
    let office = Office::new().await;
    let app = &office.app;
    let administrator = administrator(&office).await;
    let department = office.person("annv.stttt").await.agency;
    let at = format!("/administration/agencies/{department}");
    let row = app
        .db
        .one(
            sql!("SELECT code, old_code FROM agency WHERE id = $1"),
            args![department],
        )
        .await
        .unwrap();
    let (code, old): (String, String) = (row.get("code").unwrap(), row.get("old_code").unwrap());
    let change = async |code: &str, old_code: &str, basis: &str| {
        administrator
            .post(
                &format!("{at}/codes"),
                &[("code", code), ("old_code", old_code), ("basis", basis)],
            )
            .await
    };
    assert_eq!(
        change("000.00.99.H16", "", "QĐ").await.status,
        422,
        "the wrong form in the field"
    );
    assert_eq!(
        change("H16", "", "QĐ").await.status,
        422,
        "the code of another agency"
    );
    assert_eq!(change("H16.99", &old, " ").await.status, 422, "without a basis");
    change("H16.99", &old, "Quyết định số 09/QĐ-UBND").await.ok();
    for known in [code.as_str(), old.as_str(), "h16.99"] {
        assert_eq!(
            organization::agency_of_code(app, known).await.unwrap(),
            Some(department),
            "{known}"
        );
    }
    let page = administrator.get(&at).await.ok().text;
    assert!(page.contains(&format!("Mã trước đây: {code}")), "{page}");
    assert_eq!(organization::agency_of_code(app, "H16.98").await.unwrap(), None);
}

#[tokio::test]
async fn md_02_the_identifier_of_an_issued_document_outlives_the_code_of_its_agency() {
    let office = Office::with_history(60).await;
    let app = &office.app;
    let administrator = administrator(&office).await;
    let row = app
        .db
        .one(
            sql!(
                "SELECT o.id, o.agency_id, o.document_code FROM outgoing o JOIN agency a ON a.id = o.agency_id \
                 WHERE o.document_code IS NOT NULL ORDER BY o.id LIMIT 1"
            ),
            args![],
        )
        .await
        .unwrap();
    let (id, agency, code): (OutgoingId, Uuid, String) = (
        row.get("id").unwrap(),
        row.get("agency_id").unwrap(),
        row.get("document_code").unwrap(),
    );
    administrator
        .post(
            &format!("/administration/agencies/{agency}/codes"),
            &[
                ("code", "H16.97"),
                ("old_code", ""),
                ("basis", "Quyết định số 09/QĐ-UBND"),
            ],
        )
        .await
        .ok();
    let now = app
        .db
        .one(
            sql!("SELECT document_code FROM outgoing WHERE id = $1"),
            args![id],
        )
        .await
        .unwrap();
    assert_eq!(now.get::<String>("document_code").unwrap(), code);
    // And it still leads to the agency that issued it.
    let organ = rules::identifiers::DocumentIdentifier::read(&code);
    let found = organization::agency_of_code(app, organ.organ().unwrap())
        .await
        .unwrap();
    assert_eq!(found.map(rules::ids::AgencyId::as_uuid), Some(agency));
}
