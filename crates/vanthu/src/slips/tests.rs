//! Phiếu trình (CN-302 to CN-305): through leaders in their order, with a draft, with advice, to a PDF.

mod carried;
mod rounds;
mod signed;

use serde_json::{Value, json};

use crate::testing::{Answer, Office, Person, pdf};

/// UBND tỉnh with a slip.
struct Committee {
    office: Office,
    /// Chuyên viên, who makes slips.
    maker: Person,
    /// Trưởng phòng of the maker.
    head: Person,
    /// Trưởng phòng of another unit.
    colleague: Person,
    deputy: Person,
    chair: Person,
    clerk: Person,
    /// Văn thư of another agency.
    outsider: Person,
}

impl Committee {
    async fn new() -> Self {
        let office = Office::new().await;
        Self {
            maker: office.person("quangnd.ubnd").await,
            head: office.person("thaobtp.ubnd").await,
            colleague: office.person("thinhvh.ubnd").await,
            deputy: office.person("tamltm.ubnd").await,
            chair: office.person("khaitq.ubnd").await,
            clerk: office.person("nhungpth.ubnd").await,
            outsider: office.person("anhltn.stttt").await,
            office,
        }
    }

    /// What the maker lays before these leaders.
    fn slip(steps: &[&[&Person]]) -> Value {
        let steps: Vec<Vec<_>> = steps
            .iter()
            .map(|step| step.iter().map(|person| person.post).collect())
            .collect();
        json!({ "subject": "Xin chủ trương mua sắm máy quét", "body": "Máy cũ đã hỏng.\nKinh phí: nguồn tự chủ.", "steps": steps })
    }

    /// Makes a slip and gives its address in the API.
    async fn made(&self, slip: &Value) -> String {
        let made = self.maker.api("/api/v1/slips", slip).await.ok().json();
        assert_eq!(made["state"], "draft");
        format!("/api/v1/slips/{}", made["id"].as_str().unwrap())
    }

    /// Makes a slip and submits it.
    async fn submitted(&self, slip: &Value) -> String {
        let at = self.made(slip).await;
        let moved = self.submit(&at).await.ok().json();
        assert_eq!(moved["state"], "running");
        at
    }

    async fn submit(&self, at: &str) -> Answer {
        self.maker.api(&format!("{at}/submit"), &json!({})).await
    }

    /// A draft of the maker, with a recipient when it is complete.
    async fn draft(&self, is_complete: bool) -> String {
        let recipients = if is_complete {
            json!([self.outsider.agency])
        } else {
            json!([])
        };
        let draft = json!({
            "type_key": "thong_bao", "subject": "Lịch kiểm kê tài sản", "main_text": "Kiểm kê từ ngày 15 tháng 01.",
            "recipients": recipients,
        });
        let made = self.maker.api("/api/v1/outgoing", &draft).await.ok().json();
        made["id"].as_str().unwrap().to_owned()
    }

    async fn state_of_draft(&self, id: &str) -> Value {
        let seen = self.maker.api_get(&format!("/api/v1/outgoing/{id}")).await.ok();
        seen.json()["state"].clone()
    }
}

async fn answer(by: &Person, at: &str, answer: &str, comment: &str) -> Answer {
    let body = json!({ "answer": answer, "comment": comment });
    by.api(&format!("{at}/decide"), &body).await
}

/// How many slips lie in a box of the person.
async fn lying(by: &Person, key: &str) -> usize {
    let page = by.api_get(&format!("/api/v1/boxes/{key}")).await.ok().json();
    page["items"].as_array().unwrap().len()
}

async fn waiting(by: &Person) -> i64 {
    let boxes = by.api_get("/api/v1/boxes").await.ok().json();
    let known = boxes
        .as_array()
        .unwrap()
        .iter()
        .find(|known| known["key"] == "slips-waiting");
    known.unwrap()["count"].as_i64().unwrap()
}

#[tokio::test]
async fn cn_302_a_slip_goes_through_its_leaders_and_the_last_one_decides() {
    let committee = Committee::new().await;
    let Committee {
        head,
        deputy,
        colleague,
        chair,
        maker,
        ..
    } = &committee;
    let slip = Committee::slip(&[&[head], &[deputy, colleague], &[chair]]);
    let at = committee.submitted(&slip).await;
    assert_eq!((waiting(head).await, waiting(deputy).await), (1, 0));
    // Whose turn has not come does not see it yet; nobody answers before their turn.
    assert_eq!(chair.api_get(&at).await.status.as_u16(), 404);
    assert_eq!(
        answer(head, &at, "approve", "Nhất trí.").await.ok().json()["state"],
        "running"
    );
    assert_eq!(
        (
            waiting(head).await,
            waiting(deputy).await,
            waiting(colleague).await
        ),
        (0, 1, 1)
    );
    assert_eq!(
        answer(head, &at, "approve", "").await.json()["code"],
        "slip.answered"
    );
    answer(colleague, &at, "approve", "").await.ok();
    assert_eq!(waiting(chair).await, 0);
    answer(deputy, &at, "approve", "").await.ok();
    assert_eq!(waiting(chair).await, 1);
    assert_eq!(
        answer(chair, &at, "approve", "Đồng ý.").await.ok().json()["state"],
        "approved"
    );
    let seen = maker.api_get(&at).await.ok().json();
    let round = &seen["rounds"][0];
    assert_eq!(round["outcome"], "approved");
    assert_eq!(round["deciders"].as_array().unwrap().len(), 4);
    assert_eq!(round["deciders"][3]["comment"], "Đồng ý.");
    assert_eq!(
        (
            lying(maker, "slips-own").await,
            lying(head, "slips-handled").await
        ),
        (1, 1)
    );
    assert_eq!(seen["may"], json!([]));
}

#[tokio::test]
async fn cn_302_one_refusal_returns_the_whole_slip_and_every_round_is_kept() {
    let committee = Committee::new().await;
    let Committee {
        deputy, chair, head, ..
    } = &committee;
    let mut slip = Committee::slip(&[&[deputy, head], &[chair]]);
    let at = committee.submitted(&slip).await;
    let silent = answer(deputy, &at, "return", " ").await.json();
    assert_eq!(
        (&silent["code"], &silent["field"]),
        (&json!("slip.no_comment"), &json!("comment"))
    );
    answer(deputy, &at, "return", "Bổ sung báo giá.").await.ok();
    // Who stood beside has nothing left to do; the maker has it back.
    assert_eq!((waiting(head).await, waiting(deputy).await), (0, 0));
    assert_eq!(answer(head, &at, "approve", "").await.status.as_u16(), 409);
    assert_eq!(lying(&committee.maker, "slips-returned").await, 1);
    slip["body"] = json!("Đã có ba báo giá.");
    slip["steps"] = json!([[chair.post]]);
    committee.maker.api(&format!("{at}/edit"), &slip).await.ok();
    assert_eq!(committee.submit(&at).await.ok().json()["round"], 2);
    assert_eq!(lying(&committee.maker, "slips-returned").await, 0);
    answer(chair, &at, "approve", "").await.ok();
    let seen = committee.maker.api_get(&at).await.ok().json();
    assert_eq!(seen["rounds"][0]["outcome"], "returned");
    assert_eq!(
        seen["rounds"][0]["body"],
        "Máy cũ đã hỏng.\nKinh phí: nguồn tự chủ."
    );
    assert_eq!(seen["rounds"][0]["deciders"][0]["comment"], "Bổ sung báo giá.");
    assert_eq!(seen["rounds"][1]["body"], "Đã có ba báo giá.");
    assert_eq!(seen["rounds"][1]["outcome"], "approved");
    // Once it runs or is closed, nobody writes it.
    let edited = committee.maker.api(&format!("{at}/edit"), &slip).await.json();
    assert_eq!(edited["code"], "slip.not_written");
}

#[tokio::test]
async fn cn_302_what_is_missing_is_said_and_a_stranger_finds_nothing() {
    let committee = Committee::new().await;
    let Committee {
        maker,
        chair,
        head,
        deputy,
        ..
    } = &committee;
    let refused = |of: Value| async move {
        let answer = maker.api("/api/v1/slips", &of).await;
        assert_eq!(answer.status.as_u16(), 409, "{}", answer.text);
        answer.json()["code"].as_str().unwrap().to_owned()
    };
    let of = |steps: Value| json!({ "subject": "Xin chủ trương", "steps": steps });
    assert_eq!(refused(json!({ "subject": " " })).await, "slip.no_subject");
    assert_eq!(refused(of(json!([[maker.post]]))).await, "slip.oneself");
    assert_eq!(
        refused(of(json!([[chair.post], [chair.post]]))).await,
        "slip.twice"
    );
    assert_eq!(
        refused(of(json!([[committee.outsider.post]]))).await,
        "slip.stranger"
    );
    // Incomplete it is kept, and submitted only when it is complete.
    let at = committee.made(&of(json!([]))).await;
    assert_eq!(committee.submit(&at).await.json()["code"], "slip.nobody");
    let together = of(json!([[head.post, deputy.post]]));
    maker.api(&format!("{at}/edit"), &together).await.ok();
    assert_eq!(committee.submit(&at).await.json()["code"], "slip.last_together");
    for stranger in [&committee.outsider, &committee.clerk, chair] {
        assert_eq!(stranger.api_get(&at).await.status.as_u16(), 404);
        assert_eq!(stranger.api_get(&format!("{at}/pdf")).await.status.as_u16(), 404);
        assert_eq!(answer(stranger, &at, "approve", "").await.status.as_u16(), 404);
    }
    let secret = json!({ "subject": "Xin chủ trương", "body": "Một câu.\nTỐI MẬT\nMột câu." });
    assert_eq!(refused(secret).await, "secrecy.state_secret");
}

#[tokio::test]
async fn cn_304_advice_never_holds_the_slip_up_and_ends_with_it() {
    let committee = Committee::new().await;
    let Committee {
        colleague,
        deputy,
        chair,
        head,
        ..
    } = &committee;
    let mut slip = Committee::slip(&[&[chair]]);
    slip["advisers"] = json!([colleague.post]);
    let at = committee.submitted(&slip).await;
    assert_eq!((waiting(colleague).await, waiting(chair).await), (1, 1));
    // The leader asks one more; an adviser asks nobody.
    let more = |person: &Person| json!({ "members": [person.post] });
    chair.api(&format!("{at}/ask"), &more(deputy)).await.ok();
    let asked = colleague.api(&format!("{at}/ask"), &more(head)).await.json();
    assert_eq!(asked["code"], "slip.may_not_ask");
    let said = json!({ "text": "Nên mua qua đấu thầu." });
    colleague.api(&format!("{at}/advise"), &said).await.ok();
    assert_eq!(waiting(colleague).await, 0);
    assert_eq!(
        chair.api(&format!("{at}/advise"), &said).await.json()["code"],
        "slip.not_asked"
    );
    // One adviser is silent: the slip is decided all the same, and then nobody gives advice any more.
    answer(chair, &at, "approve", "").await.ok();
    assert_eq!(waiting(deputy).await, 0);
    let late = deputy.api(&format!("{at}/advise"), &said).await.json();
    assert_eq!(
        (&late["code"], &late["clause"]),
        (&json!("slip.not_running"), &json!("CN-304"))
    );
    let seen = committee.maker.api_get(&at).await.ok().json();
    let advisers = seen["rounds"][0]["advisers"].as_array().unwrap();
    let said: Vec<usize> = advisers
        .iter()
        .map(|line| line["said"].as_array().unwrap().len())
        .collect();
    assert_eq!(said.iter().sum::<usize>(), 1);
}

#[tokio::test]
async fn cn_305_the_result_is_a_pdf_without_a_number_and_in_no_book() {
    let committee = Committee::new().await;
    let Committee { chair, clerk, .. } = &committee;
    let at = committee.submitted(&Committee::slip(&[&[chair]])).await;
    answer(chair, &at, "approve", "Đồng ý.").await.ok();
    for by in [&committee.maker, chair] {
        let printed = by.api_get(&format!("{at}/pdf")).await.ok();
        assert!(printed.bytes.starts_with(b"%PDF"));
        let page = format!("{}/slip.pdf", at.replace("/api/v1", ""));
        assert!(by.get(&page).await.ok().bytes.starts_with(b"%PDF"));
    }
    let register = clerk.get("/registers/outgoing").await.ok().text;
    assert!(!register.contains("máy quét"), "{register}");
}

#[tokio::test]
async fn cn_302_303_by_page_with_a_file_and_the_same_form_sent_twice() {
    let committee = Committee::new().await;
    let Committee {
        maker,
        chair,
        deputy,
        head,
        ..
    } = &committee;
    let form = maker.get("/slips/new").await.ok().text;
    assert!(
        form.contains("Người phê duyệt") && form.contains("Không kèm dự thảo"),
        "{form}"
    );
    let posts = [head, deputy, chair].map(|person| person.post.to_string());
    let mut fields = vec![
        ("subject", ""),
        ("urgency", "urgent"),
        ("person", posts[0].as_str()),
        ("joined", "next"),
        ("person", posts[1].as_str()),
        ("joined", "same"),
        ("person", posts[2].as_str()),
        ("joined", "next"),
        ("next", "submit"),
    ];
    let content = pdf("Bao gia");
    let stay = maker
        .post_files("/slips", &fields, &[("files", "bao gia.pdf", &content)])
        .await;
    assert_eq!(stay.status.as_u16(), 422);
    assert!(
        stay.text.contains("Vui lòng nhập nội dung trình") && stay.text.contains("name=\"kept\""),
        "{}",
        stay.text
    );
    fields[0] = ("subject", "Xin chủ trương mua máy quét");
    let done = maker
        .post_files("/slips", &fields, &[("files", "bao gia.pdf", &content)])
        .await
        .ok();
    assert!(
        done.location.starts_with("/slips/"),
        "{}: {}",
        done.status,
        done.text
    );
    let at = done.location;
    for person in [head, deputy] {
        let page = person.get(&at).await.ok().text;
        assert!(
            page.contains("Phê duyệt") && page.contains("song song") && page.contains("Khẩn"),
            "{page}"
        );
    }
    // The file is there for whom the slip is laid before, and for nobody else.
    let seen = maker.api_get(&format!("/api/v1{at}")).await.ok().json();
    let file = format!("/files/{}", seen["files"][0]["id"].as_str().unwrap());
    head.get(&file).await.ok();
    assert_eq!(chair.get(&file).await.status.as_u16(), 404);
    let command = store::Ids::Random.next();
    let path = format!("{at}/decide");
    let yes = [("answer", "approve"), ("comment", "Nhất trí.")];
    for _ in 0..2 {
        let done = head.post_command(&path, command, &yes).await.ok();
        assert_eq!(done.location, at);
    }
    let back = [("answer", "return"), ("comment", "")];
    let stay = deputy.post(&path, &back).await;
    assert_eq!(stay.status.as_u16(), 422);
    assert!(
        stay.text.contains("Vui lòng ghi ý kiến khi trả lại"),
        "{}",
        stay.text
    );
    deputy.post(&path, &yes).await.ok();
    let boxed = chair.get("/boxes/slips-waiting").await.ok().text;
    assert!(boxed.contains("mua máy quét") && boxed.contains(&at), "{boxed}");
    // The bell tells whom it waits for.
    let told = chair.api_get("/api/v1/notices").await.ok().json();
    assert_eq!(told["items"][0]["kind"], "slip", "{told}");
    chair.post(&path, &yes).await.ok();
    let page = maker.get(&at).await.ok().text;
    assert!(
        page.contains("Đã phê duyệt") && page.contains("Phê duyệt phiếu trình"),
        "{page}"
    );
    assert_eq!(committee.outsider.get(&at).await.status.as_u16(), 404);
    // Whoever administers makes none.
    let administrator = committee.office.person("tupa.stttt").await;
    assert_eq!(administrator.get("/slips/new").await.status.as_u16(), 409);
}

#[tokio::test]
async fn cn_305_pl1_g4_what_no_print_can_show_is_told_to_whoever_writes_it() {
    let committee = Committee::new().await;
    let (chair, colleague) = (&committee.chair, &committee.colleague);
    let mut slip = Committee::slip(&[&[chair]]);
    slip["advisers"] = json!([colleague.post]);
    slip["body"] = json!("Kinh phí \u{E000} triệu đồng.");
    let at = committee.made(&slip).await;
    let unprintable = |answer: Answer| {
        let refused = answer.json();
        assert_eq!(
            (&refused["clause"], &refused["code"]),
            (&json!("PL1-G4"), &json!("outgoing.unprintable")),
            "{refused}"
        );
    };
    unprintable(committee.submit(&at).await);
    slip["body"] = json!("Kinh phí 5 triệu đồng.");
    committee.maker.api(&format!("{at}/edit"), &slip).await.ok();
    committee.submit(&at).await.ok();

    let advise = format!("{at}/advise");
    let text = json!({ "text": "Nên mua \u{E000} chiếc." });
    unprintable(colleague.api(&advise, &text).await);
    let decide = format!("{at}/decide");
    for answer in ["approve", "sign", "return"] {
        let sent = json!({ "answer": answer, "comment": "Chỉ mua \u{E000} chiếc." });
        unprintable(chair.api(&decide, &sent).await);
    }
    // Nothing of it was kept, and what was typed stays on the page.
    let page = at.replace("/api/v1", "");
    let sent = [("answer", "approve"), ("comment", "Chỉ mua \u{E000} chiếc.")];
    let kept = chair.post(&format!("{page}/decide"), &sent).await;
    assert!(kept.text.contains("Chỉ mua \u{E000} chiếc."), "{}", kept.text);
    let sent = json!({ "answer": "approve", "comment": "Chỉ mua 2 chiếc." });
    assert_eq!(chair.api(&decide, &sent).await.ok().json()["state"], "approved");
    chair.api_get(&format!("{at}/pdf")).await.ok();
}
