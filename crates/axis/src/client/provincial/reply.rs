//! Answers of the platform: `{ "code": 200, "message", "data" }`, or another code with `errorDetail`.

use serde_json::Value;

use crate::client::http::broken;
use crate::client::{AxisError, Operation, RefusalClass};

/// An answer that says it is one.
#[derive(Debug)]
pub(super) struct Reply(Value);

/// Rows, and whether there are more pages.
pub(super) struct Page<'a> {
    pub(super) rows: &'a [Value],
    pub(super) is_last: bool,
}

impl Reply {
    /// Reads a whole answer and judges it.
    pub(super) fn read(operation: Operation, bytes: &[u8]) -> Result<Self, AxisError> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(broken(operation, "trả lời rỗng".to_owned()));
        }
        let value: Value = serde_json::from_slice(bytes).map_err(|e| {
            broken(
                operation,
                format!("không đọc được JSON ở dòng {}, cột {}", e.line(), e.column()),
            )
        })?;
        let code = text(&value["code"]).unwrap_or_default();
        // Pages of the directory come without a code.
        let is_page = code.is_empty() && value["content"].is_array();
        if code == "200" || is_page {
            return Ok(Self(value));
        }
        if code.is_empty() {
            return Err(broken(operation, "không có mã kết quả (code)".to_owned()));
        }
        Err(refusal(operation, &code, &value))
    }

    pub(super) fn data(&self) -> &Value {
        &self.0["data"]
    }

    /// What the axis behind the platform said.
    pub(super) fn judge_inner(&self, operation: Operation) -> Result<(), AxisError> {
        let data = self.data();
        let code = text(&data["errorCode"]).unwrap_or_default();
        let failed = text(&data["status"]).is_some_and(|status| status.eq_ignore_ascii_case("FAIL"));
        if failed || !code.bytes().all(|b| b == b'0') {
            return Err(AxisError::Refused {
                operation,
                desc: text(&data["errorDesc"])
                    .unwrap_or_default()
                    .chars()
                    .take(300)
                    .collect(),
                class: RefusalClass::of(&code),
                code: if code.is_empty() { "FAIL".to_owned() } else { code },
            });
        }
        Ok(())
    }

    /// Rows of a list, wherever they stand.
    pub(super) fn page(&self) -> Option<Page<'_>> {
        let holders = [self.data(), &self.0];
        let holder = holders.into_iter().find(|v| v["content"].is_array());
        if let Some(holder) = holder {
            let number = |name: &str| holder[name].as_u64();
            let is_last = match (number("currentPage"), number("totalPages")) {
                (Some(current), Some(total)) => current >= total,
                // Without numbers there is one page.
                _ => true,
            };
            let rows = holder["content"].as_array()?;
            return Some(Page { rows, is_last });
        }
        let rows = self.data().as_array()?;
        Some(Page { rows, is_last: true })
    }
}

/// Findings about the file mean that it will never be taken; without them it may be a trouble that passes.
pub(super) fn refusal(operation: Operation, code: &str, value: &Value) -> AxisError {
    let details: Vec<String> = value["errorDetail"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|detail| text(detail).unwrap_or_else(|| detail.to_string()))
        .collect();
    let class = match code {
        "401" => RefusalClass::Configuration,
        "403" => RefusalClass::of_http(operation, 403).unwrap_or(RefusalClass::Retry),
        _ if details.is_empty() => RefusalClass::Retry,
        _ => RefusalClass::Permanent,
    };
    let desc = if details.is_empty() {
        text(&value["message"]).unwrap_or_default()
    } else {
        details.join("; ")
    };
    AxisError::Refused {
        operation,
        code: code.to_owned(),
        desc: desc.chars().take(300).collect(),
        class,
    }
}

/// A text or a number.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Advice;

    #[test]
    fn edxml_12_7_success_is_said_and_refusals_have_a_class() {
        let send = Operation::Send;
        assert!(Reply::read(send, br#"{"code":200,"message":"","data":{"docId":"a"}}"#).is_ok());
        let advice = |text: &str| Reply::read(send, text.as_bytes()).unwrap_err().advice();
        assert_eq!(advice(""), Advice::LookUp);
        assert_eq!(advice("<html>"), Advice::LookUp);
        assert_eq!(advice(r#"{"data":{}}"#), Advice::LookUp);
        assert_eq!(advice(r#"{"code":500,"message":"x"}"#), Advice::LookUp);
        assert_eq!(
            advice(r#"{"code":"500","errorDetail":["N.CodeNumber"]}"#),
            Advice::GiveUp
        );
        assert_eq!(advice(r#"{"code":401}"#), Advice::FixSettings);
        let inner = br#"{"code":200,"data":{"status":"FAIL","errorCode":"18","errorDesc":"?"}}"#;
        let inner = Reply::read(send, inner).unwrap().judge_inner(send).unwrap_err();
        assert_eq!(inner.advice(), Advice::GiveUpRecipient);
    }

    #[test]
    fn edxml_12_7_pages_stand_in_data_or_alone() {
        let page = |text: &str| {
            let reply = Reply::read(Operation::ListAgencies, text.as_bytes()).unwrap();
            reply.page().map(|page| (page.rows.len(), page.is_last))
        };
        assert_eq!(page(r#"{"code":200,"data":[{},{}]}"#), Some((2, true)));
        assert_eq!(
            page(r#"{"currentPage":1,"totalPages":3,"content":[{}]}"#),
            Some((1, false))
        );
        assert_eq!(
            page(r#"{"code":200,"data":{"currentPage":3,"totalPages":3,"content":[]}}"#),
            Some((0, true))
        );
        assert_eq!(page(r#"{"code":200,"data":null}"#), None);
    }
}
