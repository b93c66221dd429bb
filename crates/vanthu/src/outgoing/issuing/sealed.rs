//! The agency's signatures on a document are there: it is issued, in one act with its files, its lines and what goes out (ND30-14, 32.2).

use rules::{
    access::Action,
    ids::{CommandId, FileId},
    legal_value::legal_value,
    signing::{RequestState, person_first},
};
use serde_json::json;
use store::{Begun, Row, args, sql};
use uuid::Uuid;

use super::{deliveries, issue};
use crate::{
    context::{App, Who},
    documents,
    error::AppResult,
    exchange,
    outgoing::{
        after_issue::{correct, replace},
        load,
        signing::{key_log, sign},
        step,
    },
    registers,
    signing::{
        custody,
        keys::Binding,
        requests::{self, Request, SignedFile},
        verdicts,
    },
};

/// The agency has signed every file and all passed the own check: the document is issued.
///
/// # Errors
/// Refusals of [`rules::outgoing::issue`] and [`person_first`]; when the request has ended or the files are no longer those that were signed.
pub async fn sealed(
    app: &App,
    who: &Who,
    bound: &Binding,
    request: &Request,
    signed: Vec<SignedFile>,
) -> AppResult<()> {
    let ready = issue::ready(app, who, request.subject.outgoing()?).await?;
    let command = CommandId::from_uuid(Uuid::new_v5(&request.id, b"commit"));
    let Begun::Now(mut act) = app.begin::<bool>(who, command).await? else {
        return Ok(());
    };
    let document = load::for_signing(&mut act, who, request.subject.outgoing()?, Action::Issue).await?;
    sign::same_base(&document, request)?;
    custody::may_use_in(&mut act, who, document.facts.agency).await?;
    registers::copies_may_go(&mut act, document.facts.agency, &ready.content.copies).await?;
    let signer = signer_certificate(
        &act.all(
            sql!(
                "SELECT b.certificate FROM signing_request r JOIN signing_batch b ON b.id = r.batch_id \
                 WHERE r.subject_id = $1 AND r.signed_set = $2 AND b.owner = 'person'"
            ),
            args![document.id, document.signed_set],
        )
        .await?,
    )?;
    let main = signed
        .iter()
        .find(|file| file.base.is_main)
        .ok_or_else(sign::no_main_file)?;
    let (person, agency) = rules::signing::verdicts(
        &requests::seen(&main.checked.report),
        &signer,
        std::slice::from_ref(&main.certificate),
    );
    person_first(person)?;
    let plan = ready.with_facts(person, agency, |facts| {
        rules::outgoing::issue(&who.actor, &document.facts, facts)
    })?;
    let value = legal_value(person, agency, true);
    let number_and_symbol = document.number_and_symbol().unwrap_or_default();
    let main_name = viet_text::corrected_file_name(&format!("{number_and_symbol}.pdf").replace('/', "-"));
    let mut main_file = None;
    let mut others: Vec<FileId> = Vec::new();
    for file in &signed {
        let name = if file.base.is_main {
            &main_name
        } else {
            &file.base.name
        };
        let id = sign::record(&mut act, who, file, name).await?;
        verdicts::store(&mut act, "outgoing", document.id.as_uuid(), id, &file.checked).await?;
        key_log::log_use(
            &mut act,
            bound,
            &document,
            &format!("{number_and_symbol}: {name}"),
            file,
        )
        .await?;
        if file.base.is_main {
            main_file = Some(id);
        } else {
            others.push(id);
        }
    }
    others.extend(&request.work.unsigned);
    let set = documents::new_set(&mut act, main_file, &others).await?;
    act.run(
        sql!("UPDATE outgoing SET file_set = $2, legal_value = $3 WHERE id = $1"),
        args![document.id, set, value.as_str()],
    )
    .await?;
    requests::end(&mut act, request, RequestState::Committed, Some(set), None).await?;
    let paper = deliveries::write(&mut act, who, document.id, &ready.addresses).await?;
    let replaces = &ready.content.replaces;
    let business = replace::link(&mut act, who, document.id, &number_and_symbol, replaces).await?;
    correct::link(&mut act, who, document.id, &number_and_symbol, &ready.content).await?;
    let order = exchange::Order::new_document(document.id);
    exchange::dispatch(&mut act, exchange::Order { business, ..order }).await?;
    step::apply(
        &mut act,
        who,
        &document,
        &plan,
        Some(&format!(
            "Số {number_and_symbol}, {}",
            document.issued_on.map(the_thuc::day_in_words).unwrap_or_default()
        )),
        json!({
            "number_and_symbol": number_and_symbol, "document_code": document.document_code,
            "recipients": ready.content.recipients, "to_know": ready.content.to_know, "axis": ready.content.axis,
            "paper": paper,
            "request": request.id, "certificate": main.certificate, "sha256": main.blob.digest.to_string(),
            "legal_value": value.as_str(), "signed": signed.len(), "unsigned": request.work.unsigned,
            "warnings": signed.iter().filter_map(|file| file.base.warning.clone()).collect::<Vec<_>>(),
        }),
    )
    .await?;
    app.commit(act, &true).await
}

fn signer_certificate(rows: &[Row]) -> AppResult<Vec<String>> {
    let certificates = rows
        .iter()
        .map(|row| row.get::<Vec<u8>>("certificate").map(hex::encode));
    Ok(certificates.collect::<store::Result<_>>()?)
}
