//! Answers of the axis: `{ "status", "ErrorCode", "ErrorDesc", "data" | "DocId" | "count" }` (spec edxml 12.4), read as
//! they come.

use std::io::Read;

use struson::reader::JsonReader;

use crate::client::http::broken;
use crate::client::http::json::{self, JsonBody, Unread, scalar, unreadable};
use crate::client::{AxisError, Operation, RefusalClass};

/// What an answer says beside its data.
#[derive(Debug, Default)]
pub(super) struct Answer {
    status: Option<String>,
    code: Option<String>,
    desc: Option<String>,
    pub(super) doc_id: Option<String>,
    pub(super) count: Option<u64>,
}

/// Reads an answer; `data` takes the member of that name, whatever its type.
pub(super) fn read<R: Read>(
    body: R,
    mut data: impl FnMut(&mut JsonBody<R>) -> Result<(), Unread>,
) -> Result<Answer, Unread> {
    let mut json = json::reader(body);
    let mut answer = Answer::default();
    json.begin_object()?;
    while json.has_next()? {
        let name = json.next_name_owned()?;
        match name.to_ascii_lowercase().as_str() {
            "status" => answer.status = scalar(&mut json)?,
            "errorcode" => answer.code = scalar(&mut json)?,
            "errordesc" => answer.desc = scalar(&mut json)?,
            "docid" => answer.doc_id = scalar(&mut json)?.filter(|id| !id.is_empty()),
            "count" => answer.count = scalar(&mut json)?.and_then(|n| n.parse().ok()),
            "data" => data(&mut json)?,
            _ => json.skip_value()?,
        }
    }
    json.end_object()?;
    json.consume_trailing_whitespace()?;
    Ok(answer)
}

/// A whole small answer.
pub(super) fn of_bytes(operation: Operation, bytes: &[u8]) -> Result<Answer, AxisError> {
    let skip = |json: &mut JsonBody<&[u8]>| json.skip_value().map_err(Unread::from);
    match read(bytes, skip) {
        Ok(answer) => judge(operation, answer),
        Err(_) if bytes.iter().all(u8::is_ascii_whitespace) => {
            Err(broken(operation, "trả lời rỗng".to_owned()))
        }
        Err(unread) => Err(unreadable(operation, unread)),
    }
}

/// Success is said, never assumed.
pub(super) fn judge(operation: Operation, answer: Answer) -> Result<Answer, AxisError> {
    let code = answer.code.as_deref().unwrap_or_default();
    let success = code.is_empty() || code.bytes().all(|b| b == b'0');
    let status = answer.status.as_deref().unwrap_or_default();
    if success && (status.eq_ignore_ascii_case("OK") || (status.is_empty() && !code.is_empty())) {
        return Ok(answer);
    }
    if success && status.is_empty() {
        return Err(broken(operation, "không có trạng thái (status)".to_owned()));
    }
    Err(AxisError::Refused {
        operation,
        code: if code.is_empty() { status } else { code }.to_owned(),
        desc: answer.desc.unwrap_or_default().chars().take(300).collect(),
        class: RefusalClass::of(code),
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::client::Advice;

    #[test]
    fn edxml_12_4_a_document_id_comes_with_a_capital_or_a_number() {
        for text in [
            r#"{"status":"OK","ErrorCode":"0","ErrorDesc":"","DocId":"5b"}"#,
            r#"{"DocId":"5b","errorCode":0,"status":"ok","more":{"x":[1]}}"#,
        ] {
            let answer = of_bytes(Operation::Send, text.as_bytes()).unwrap();
            assert_eq!(answer.doc_id.as_deref(), Some("5b"));
        }
        let answer = of_bytes(Operation::CountDocuments, br#"{"ErrorCode":"0","count":"12"}"#).unwrap();
        assert_eq!(answer.count, Some(12));
    }

    #[rstest]
    #[case("")]
    #[case(" \r\n")]
    #[case("{}")]
    #[case(r#"{"status":"OK","ErrorCode":"#)]
    #[case(r#"{"status":"OK"} trailing"#)]
    #[case("<html>502</html>")]
    #[case("[]")]
    #[case("null")]
    fn edxml_12_4_empty_and_unreadable_answers_are_never_success(#[case] text: &str) {
        let list = of_bytes(Operation::ListReceived, text.as_bytes()).unwrap_err();
        assert!(matches!(list, AxisError::BadAnswer { .. }), "{list:?}");
        let send = of_bytes(Operation::Send, text.as_bytes()).unwrap_err();
        assert!(matches!(send, AxisError::Unknown { .. }), "{send:?}");
        assert_eq!(send.advice(), Advice::LookUp);
    }

    #[test]
    fn edxml_12_4_a_refusal_is_one_whatever_it_looks_like() {
        for text in [
            r#"{"status":"FAIL","ErrorCode":"18","ErrorDesc":"Không có cơ quan nhận"}"#,
            r#"{"status":"OK","ErrorCode":18,"ErrorDesc":"Không có cơ quan nhận"}"#,
        ] {
            let error = of_bytes(Operation::Send, text.as_bytes()).unwrap_err();
            assert_eq!(error.advice(), Advice::GiveUpRecipient);
            assert!(
                error.to_string().contains("mã 18 (Không có cơ quan nhận)"),
                "{error}"
            );
        }
        let error = of_bytes(Operation::Send, br#"{"status":"FAIL"}"#).unwrap_err();
        assert!(matches!(error, AxisError::Refused { code, .. } if code == "FAIL"));
    }

    #[test]
    fn an_answer_that_nests_too_deep_is_refused() {
        let deep = format!(r#"{{"status":"OK","x":{}{}}}"#, "[".repeat(50), "]".repeat(50));
        assert!(of_bytes(Operation::ListSent, deep.as_bytes()).is_err());
    }
}
