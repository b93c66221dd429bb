//! The directory as administrators keep it, and as the axis fills it.

use rules::{directory::Source, ids::OutgoingId};
use store::{args, sql};
use uuid::Uuid;

use super::{DirectoryQuery, Load, Record, Report, Standing, apply, codes_of, find, standing};
use crate::{
    context::App,
    organization,
    testing::{Answer, Office, Person},
};

mod codes;
mod pages;

const LIST: &str = "/administration/directory";

/// The administrator of the province.
async fn administrator(office: &Office) -> Person {
    office.person("datdt.ubnd").await
}

fn record(code: &str, old_code: &str, name: &str) -> Record {
    Record {
        code: code.to_owned(),
        old_code: Some(old_code.to_owned()).filter(|old| !old.is_empty()),
        name: name.to_owned(),
        ..Record::default()
    }
}

/// What the axis gives, applied at once.
async fn sync(app: &App, records: impl IntoIterator<Item = Record>, close_gone: bool) -> Report {
    let mut load = Load::begin(app, Source::Axis, "Trục thử", "đồng bộ")
        .await
        .unwrap();
    for record in records {
        load.push(app, record).await.unwrap();
    }
    let load = load.stage(app).await.unwrap();
    apply(app, load, close_gone).await.unwrap()
}

fn did(added: u32, changed: u32, closed: u32) -> Report {
    Report {
        added,
        changed,
        closed,
    }
}

/// Names that a search finds, in its order.
async fn names(app: &App, q: &str) -> Vec<String> {
    let found = find(app, &DirectoryQuery::of(q), 100).await.unwrap();
    found.items.into_iter().map(|line| line.name).collect()
}

async fn in_use(app: &App, code: &str) -> Option<String> {
    match standing(app, code).await.unwrap() {
        Standing::InUse(entry) => Some(entry.name),
        _ => None,
    }
}

/// The id of the entry with this code.
async fn id_of(app: &App, code: &str) -> Uuid {
    match standing(app, code).await.unwrap() {
        Standing::InUse(entry) | Standing::Closed(entry) => entry.id,
        Standing::Unknown => panic!("no entry with {code}"),
    }
}

#[tokio::test]
async fn cn_407_names_are_found_without_accents_and_codes_new_or_old() {
    let office = Office::new().await;
    let app = &office.app;
    let parent = Record {
        parent_code: Some("H96".to_owned()),
        ..record("H96.05", "000.00.05.H96", "Sở Nội vụ tỉnh Đồng Xanh")
    };
    let records = [
        record("H96", "000.00.00.H96", "Ủy ban nhân dân tỉnh Đồng Xanh"),
        parent,
        record("H96.06", "", "Sở Tài chính tỉnh Đồng Xanh"),
    ];
    assert_eq!(sync(app, records, false).await, did(3, 0, 0));
    for q in [
        "noi vu dong xanh",
        "Đồng Xanh sở nội",
        "H96.05",
        "h96.05",
        "000.00.05.H96",
        "05.H96",
        "H96.05 nội",
    ] {
        assert_eq!(names(app, q).await, ["Sở Nội vụ tỉnh Đồng Xanh"], "{q}");
    }
    assert_eq!(
        names(app, "H96").await[0],
        "Ủy ban nhân dân tỉnh Đồng Xanh",
        "the whole code comes first"
    );
    assert_eq!(names(app, "H96").await.len(), 3);
    assert!(names(app, "H96.9").await.is_empty());
    assert!(names(app, "%").await.len() > 3, "a sign alone is no word");
    let found = find(app, &DirectoryQuery::of("noi vu dong xanh"), 10)
        .await
        .unwrap();
    assert_eq!(
        found.items[0].parent_name.as_deref(),
        Some("Ủy ban nhân dân tỉnh Đồng Xanh")
    );
}

#[tokio::test]
async fn cn_407_a_sync_applies_differences_only() {
    let office = Office::new().await;
    let app = &office.app;
    let list = |name: &str| {
        vec![
            Record {
                id: Some("1".to_owned()),
                ..record("H96", "000.00.00.H96", "Tỉnh Đồng Xanh")
            },
            Record {
                parent_id: Some("1".to_owned()),
                version: Some("7".to_owned()),
                ..record("H96.05", "", name)
            },
            // The older directory lists the same agency by its older code: nothing changes.
            record("000.00.00.H96", "", "Tỉnh Đồng Xanh (Mã cũ)"),
        ]
    };
    assert_eq!(sync(app, list("Sở Nội vụ"), false).await.added, 2);
    let again = sync(app, list("Sở Nội vụ"), true).await;
    assert_eq!(again, did(0, 0, 0), "the same list changes nothing");
    let at = |code: &'static str| async move {
        app.db
            .one(
                sql!("SELECT updated_at, parent_code, version FROM directory_entry WHERE code = $1"),
                args![code],
            )
            .await
            .unwrap()
    };
    assert_eq!(at("H96.05").await.get::<String>("parent_code").unwrap(), "H96");
    assert_eq!(at("H96.05").await.get::<String>("version").unwrap(), "7");
    let before: i64 = at("H96").await.get("updated_at").unwrap();
    let tomorrow = office.clock.now() + jiff::SignedDuration::from_hours(24);
    office.clock.set(tomorrow);
    assert_eq!(
        sync(app, list("Sở Nội vụ và Lao động"), false).await,
        did(0, 1, 0)
    );
    assert_eq!(at("H96").await.get::<i64>("updated_at").unwrap(), before);
    assert_eq!(names(app, "noi vu va lao dong").await.len(), 1);
    // Said to be gone; then not named any more, which closes only when asked.
    let mut deleted = list("Sở Nội vụ và Lao động");
    deleted[1].deleted = true;
    assert_eq!(sync(app, deleted, false).await, did(0, 0, 1));
    assert_eq!(in_use(app, "H96.05").await, None);
    let rest = || vec![record("H96", "000.00.00.H96", "Tỉnh Đồng Xanh")];
    sync(app, vec![record("H96.07", "", "Sở Mới")], false).await;
    assert_eq!(sync(app, rest(), false).await, did(0, 0, 0));
    assert!(in_use(app, "H96.07").await.is_some());
    assert_eq!(sync(app, rest(), true).await, did(0, 0, 1));
    assert_eq!(in_use(app, "H96.07").await, None);
    assert!(
        in_use(app, "G99").await.is_some(),
        "entries of another source stay"
    );
    // Named again it is in use again, with everything that it was.
    assert_eq!(
        sync(app, vec![record("H96.07", "", "Sở Mới")], false).await,
        did(0, 1, 0)
    );
    assert!(in_use(app, "H96.07").await.is_some());
}

#[tokio::test]
async fn cn_407_an_agency_known_by_its_older_code_learns_the_current_one() {
    let office = Office::new().await;
    let app = &office.app;
    let import = async |code: &str, old_code: &str, name: &str| {
        // A person looks through what a file says before it is applied.
        let mut load = Load::begin(app, Source::Import, "danh-muc.csv", "quản trị")
            .await
            .unwrap();
        load.push(app, record(code, old_code, name)).await.unwrap();
        let load = load.stage(app).await.unwrap();
        apply(app, load, false).await.unwrap()
    };
    import("000.00.05.H96", "", "Sở Nội vụ").await;
    let id = id_of(app, "000.00.05.H96").await;
    assert_eq!(import("H96.05", "000.00.05.H96", "Sở Nội vụ").await, did(0, 1, 0));
    assert_eq!(id_of(app, "H96.05").await, id);
    assert_eq!(
        codes_of(app, "H96.05").await.unwrap(),
        ["000.00.05.H96", "H96.05"]
    );
    // Another organisation that says it had that code is another one.
    assert_eq!(import("H96.77", "000.00.05.H96", "Sở Khác").await, did(1, 0, 0));
    assert_ne!(id_of(app, "H96.77").await, id);
    assert_eq!(in_use(app, "H96.05").await.as_deref(), Some("Sở Nội vụ"));
}

#[tokio::test]
async fn cn_407_what_the_axis_says_of_older_codes_counts_only_when_confirmed() {
    let office = Office::new().await;
    let app = &office.app;
    let administrator = administrator(&office).await;
    sync(app, vec![record("000.00.05.H96", "", "Sở Nội vụ")], false).await;
    let victim = id_of(app, "000.00.05.H96").await;
    // Somebody else registers at the axis, and says that this code was its own; so does one whose code nobody has.
    let list = || {
        vec![
            record("H96.77", "000.00.05.H96", "Sở Khác"),
            record("H96.08", "000.00.08.H96", "Sở Công Thương"),
        ]
    };
    assert_eq!(sync(app, list(), false).await, did(2, 0, 0));
    assert_eq!(sync(app, list(), false).await, did(0, 0, 0), "told once");
    assert_eq!(id_of(app, "000.00.05.H96").await, victim, "nobody is redirected");
    assert_eq!(codes_of(app, "H96.77").await.unwrap(), ["H96.77"]);
    assert_eq!(codes_of(app, "H96.08").await.unwrap(), ["H96.08"]);
    let proposals = format!("{LIST}/proposals");
    let page = administrator.get(&proposals).await.ok().text;
    assert!(page.contains("Xác nhận mã 000.00.08.H96 là của Sở Công Thương"));
    assert!(page.contains("Xác nhận mã 000.00.05.H96 là của Sở Khác"));
    let stranger = office.person("anhltn.stttt").await;
    assert!(!stranger.post(&proposals, &[]).await.status.is_redirection());
    // What nobody disputes is confirmed at once; the other one stays for a look of its own.
    administrator.post(&proposals, &[]).await.ok();
    assert_eq!(
        codes_of(app, "H96.08").await.unwrap(),
        ["000.00.08.H96", "H96.08"]
    );
    assert_eq!(codes_of(app, "H96.77").await.unwrap(), ["H96.77"]);
    let entry = id_of(app, "H96.77").await;
    let shown = administrator.get(&format!("{LIST}/{entry}")).await.ok().text;
    assert!(shown.contains("Trục báo, chờ xác nhận"), "{shown}");
    administrator
        .post(&format!("{LIST}/{entry}/codes"), &[("code", "000.00.05.H96")])
        .await
        .ok();
    assert_eq!(id_of(app, "000.00.05.H96").await, entry);
}

/// As many as the axis lists: 111 provinces of 1000 made-up offices each.
fn large(offices: u32) -> impl Iterator<Item = Record> {
    const WORK: [&str; 10] = [
        "Nội vụ",
        "Tài chính",
        "Y tế",
        "Tư pháp",
        "Xây dựng",
        "Công Thương",
        "Văn hóa",
        "Thanh tra",
        "Dân tộc",
        "Nông nghiệp",
    ];
    (0..offices).map(|nth| {
        let (province, office) = (nth / 1000, nth % 1000);
        let letter = char::from(b'P' + u8::try_from(province / 100).unwrap());
        let top = format!("{letter}{:02}", province % 100);
        let work = WORK[(office % 10) as usize];
        record(
            &format!("{top}.{office:03}"),
            &format!("{office:03}.01.01.{top}"),
            &format!("Phòng {work} số {office} tỉnh Đồng {province}"),
        )
    })
}

#[tokio::test]
async fn heavy_cn_407_a_directory_of_111_000_entries_is_loaded_searched_and_synchronised() {
    const ALL: u32 = 111_000;
    let office = Office::new().await;
    let app = &office.app;
    assert_eq!(sync(app, large(ALL), false).await, did(ALL, 0, 0));
    assert_eq!(
        names(app, "tu phap so 773 dong 42").await,
        ["Phòng Tư pháp số 773 tỉnh Đồng 42"]
    );
    assert_eq!(names(app, "P42.773").await, ["Phòng Tư pháp số 773 tỉnh Đồng 42"]);
    assert_eq!(
        names(app, "773.01.01.P42").await,
        ["Phòng Tư pháp số 773 tỉnh Đồng 42"]
    );
    // Page by page everything is seen once.
    let mut query = DirectoryQuery::of("phong y te dong");
    let mut seen = std::collections::BTreeSet::new();
    loop {
        let page = find(app, &query, 2000).await.unwrap();
        for line in page.items {
            assert!(seen.insert(line.id), "{} twice", line.code);
        }
        match page.next {
            Some(next) => query.after = next,
            None => break,
        }
    }
    assert_eq!(seen.len() as u32, ALL / 10);
    let renamed = large(ALL).map(|mut record| {
        if record.code == "P42.773" {
            record.name.push_str(" (mới)");
        }
        record
    });
    assert_eq!(sync(app, renamed, true).await, did(0, 1, 0));
    assert_eq!(
        names(app, "P42.773").await,
        ["Phòng Tư pháp số 773 tỉnh Đồng 42 (mới)"]
    );
}
