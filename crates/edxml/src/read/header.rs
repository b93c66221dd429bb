//! `MessageHeader` of documents and states (spec edxml 3, 6).

use std::collections::HashSet;

use super::{
    ReadOptions, attachments,
    business::{business, trace_headers},
    fields::{Fields, join},
    node::Node,
};
use crate::{
    Message, ReadError,
    codes::StatusCode,
    model::{
        DocumentMessage, DocumentType, Organ, OtherInfo, ResponseFor, SignaturePresence, Signer, Staff,
        StatusMessage,
    },
    organ_code::OrganCodeForm,
    text::{Lines, quoted, value},
    warning::{WarningCode, Warnings},
};

const PATH: &str = "MessageHeader";

/// The message in the tree: a status when there is a `StatusCode` (R12), else a document.
pub(crate) fn message(
    root: &Node,
    options: &ReadOptions,
    warnings: &mut Warnings,
) -> Result<Message, ReadError> {
    let (parent, header) = message_header(root).ok_or(ReadError::NoMessageHeader)?;
    let is_direct_child = std::ptr::eq(parent, root);
    if is_direct_child && root.name == "edXMLEnvelope" {
        return Err(ReadError::ForeignFormat("edXMLEnvelope".to_owned()));
    }
    warn_of_second_parts(root, warnings);
    let files = attachments::joined(root, warnings);
    let mut fields = Fields::new(warnings, options.now);
    if header
        .children
        .iter()
        .any(|child| child.name == "StatusCode" && !child.is_empty())
    {
        return Ok(Message::Status(Box::new(status(&mut fields, header))));
    }
    let mut document = document(&mut fields, header, parent)?;
    document.attachments = files;
    document.message_signature = signature(root);
    Ok(Message::Document(Box::new(document)))
}

/// The header that counts, and the element that holds it: the first with something in it, one at its place before any other.
fn message_header(root: &Node) -> Option<(&Node, &Node)> {
    let mut found = Vec::new();
    collect_headers(root, root, 0, &mut found);
    let filled = || found.iter().filter(|(_, header)| !header.is_empty());
    filled()
        .find(|(parent, _)| parent.name == "edXMLHeader")
        .or_else(|| filled().next())
        .or_else(|| found.first())
        .copied()
}

/// At its place, and a little around.
fn collect_headers<'n>(
    parent: &'n Node,
    node: &'n Node,
    depth: usize,
    found: &mut Vec<(&'n Node, &'n Node)>,
) {
    const DEEPEST: usize = 4;
    if node.name == PATH {
        found.push((parent, node));
    } else if depth < DEEPEST {
        for child in &node.children {
            collect_headers(node, child, depth + 1, found);
        }
    }
}

/// Parts of which a message has one: of several only one is read, and the clerk is told (R3).
fn warn_of_second_parts(root: &Node, warnings: &mut Warnings) {
    const PARTS: [&str; 5] = ["edXMLEnvelope", "edXMLHeader", PATH, "edXMLBody", "edXMLManifest"];
    for part in PARTS {
        let all = root.found(part);
        let mut filled = all.iter().filter(|node| !node.is_empty());
        let first = filled.next();
        if filled.any(|other| Some(other) != first) {
            warnings.add(
                WarningCode::Repeated,
                part,
                format!(
                    "Thông điệp có nhiều phần {part} với nội dung khác nhau; hệ thống chỉ đọc một phần. \
                     Đề nghị đối chiếu với bên gửi."
                ),
            );
        }
    }
}

fn document(fields: &mut Fields<'_>, header: &Node, parent: &Node) -> Result<DocumentMessage, ReadError> {
    let mut document = DocumentMessage {
        from: sender(fields, header),
        to: recipients(fields, header),
        document_id: fields.text(header, PATH, "DocumentId"),
        subject: fields.text(header, PATH, "Subject"),
        content: fields.lines(header, PATH, "Content"),
        due_date: fields.date(header, PATH, "DueDate"),
        steering_type: fields.number(header, PATH, "SteeringType"),
        response_for: responses(fields, header),
        trace_headers: trace_headers(fields, parent),
        business: business(fields, parent),
        ..DocumentMessage::default()
    };
    fields.require(!document.to.is_empty(), "MessageHeader/To");
    fields.require(document.subject.is_some(), "MessageHeader/Subject");
    code(fields, header, &mut document);
    if let Some(info) = fields.group(header, PATH, "PromulgationInfo") {
        let path = join(PATH, "PromulgationInfo");
        document.place = fields.text(info, &path, "Place");
        document.promulgation_date = fields.date(info, &path, "PromulgationDate");
    }
    if let Some(kind) = fields.group(header, PATH, "DocumentType") {
        let path = join(PATH, "DocumentType");
        document.document_type = DocumentType {
            type_group: fields.number(kind, &path, "Type"),
            type_detail: fields.number(kind, &path, "TypeDetail"),
            type_name: fields.text(kind, &path, "TypeName"),
        };
    }
    if let Some(signer) = fields.group(header, PATH, "SignerInfo") {
        let path = join(PATH, "SignerInfo");
        document.signer = Signer {
            competence: fields.text(signer, &path, "Competence"),
            position: fields.text(signer, &path, "Position"),
            full_name: fields.text(signer, &path, "FullName"),
        };
    }
    if let Some(places) = fields.group(header, PATH, "ToPlaces") {
        document.to_places = fields.texts(places, "MessageHeader/ToPlaces", "Place");
    }
    if let Some(other) = fields.group(header, PATH, "OtherInfo") {
        document.other = other_info(fields, other);
    }
    if document.document_id.is_none() && (document.code().is_none() || document.promulgation_date.is_none()) {
        return Err(ReadError::NoIdentity);
    }
    Ok(document)
}

/// Number and symbol. A number that holds the symbol too is split (R8); a plain text instead of the group is read likewise.
fn code(fields: &mut Fields<'_>, header: &Node, document: &mut DocumentMessage) {
    let Some(code) = fields.group(header, PATH, "Code") else {
        return;
    };
    let path = join(PATH, "Code");
    document.code_number = fields.text(code, &path, "CodeNumber").or_else(|| {
        let has_parts = code.children.iter().any(|child| child.name == "CodeNotation");
        if has_parts {
            None
        } else {
            value(&code.text, Lines::One)
        }
    });
    document.code_notation = fields.text(code, &path, "CodeNotation");
    if document.code_notation.is_some() {
        return;
    }
    let split = document
        .code_number
        .as_deref()
        .and_then(|whole| whole.split_once('/'))
        .map(|(number, notation)| (number.trim().to_owned(), notation.trim().to_owned()));
    if let Some((number, notation)) =
        split.filter(|(number, notation)| !number.is_empty() && !notation.is_empty())
    {
        fields.warnings.add(
            WarningCode::CodeSplit,
            join(&path, "CodeNumber"),
            format!(
                "Số và ký hiệu ghi chung một trường; hệ thống tách thành số {} và ký hiệu {}.",
                quoted(&number),
                quoted(&notation)
            ),
        );
        document.code_number = Some(number);
        document.code_notation = Some(notation);
    }
}

fn other_info(fields: &mut Fields<'_>, other: &Node) -> OtherInfo {
    let path = join(PATH, "OtherInfo");
    let appendixes = match fields.group(other, &path, "Appendixes") {
        Some(list) => fields.texts(list, &join(&path, "Appendixes"), "Appendix"),
        None => Vec::new(),
    };
    OtherInfo {
        priority: fields.coded(other, &path, "Priority", 4),
        sphere: fields.text(other, &path, "SphereOfPromulgation"),
        typer_notation: fields.text(other, &path, "TyperNotation"),
        promulgation_amount: fields.amount(other, &path, "PromulgationAmount"),
        page_amount: fields.amount(other, &path, "PageAmount"),
        appendixes,
    }
}

fn status(fields: &mut Fields<'_>, header: &Node) -> StatusMessage {
    let status = StatusMessage {
        from: sender(fields, header),
        to: recipients(fields, header),
        response_for: match fields.group(header, PATH, "ResponseFor") {
            Some(node) => response(fields, node),
            None => ResponseFor::default(),
        },
        status_code: fields.text(header, PATH, "StatusCode").unwrap_or_default(),
        description: fields.lines(header, PATH, "Description"),
        timestamp: fields.timestamp(header, PATH, "Timestamp"),
        staff: staff(fields, header, PATH),
    };
    let about = &status.response_for;
    fields.require(about.organ_id.is_some(), "MessageHeader/ResponseFor/OrganId");
    fields.require(about.code.is_some(), "MessageHeader/ResponseFor/Code");
    fields.require(
        about.document_id.is_some(),
        "MessageHeader/ResponseFor/DocumentId",
    );
    if StatusCode::from_text(&status.status_code).is_none() {
        fields.warnings.add(
            WarningCode::UnknownStatus,
            "MessageHeader/StatusCode",
            format!(
                "Mã trạng thái {} không có trong danh mục; hệ thống giữ nguyên để hiển thị.",
                quoted(&status.status_code)
            ),
        );
    }
    status
}

fn sender(fields: &mut Fields<'_>, header: &Node) -> Organ {
    let from = match fields.group(header, PATH, "From") {
        Some(node) => organ(fields, node, "MessageHeader/From"),
        None => Organ::default(),
    };
    fields.require(!from.organ_id.is_empty(), "MessageHeader/From/OrganId");
    from
}

/// The addressed agencies; the same code twice is one (R3). Old and new codes of one agency are for the directory to tell.
fn recipients(fields: &mut Fields<'_>, header: &Node) -> Vec<Organ> {
    let mut known = HashSet::new();
    let mut found = Vec::new();
    for node in header.children.iter().filter(|child| child.name == "To") {
        let to = organ(fields, node, "MessageHeader/To");
        if to == Organ::default() {
            continue;
        }
        fields.require(!to.organ_id.is_empty(), "MessageHeader/To/OrganId");
        if to.organ_id.is_empty() || known.insert(to.organ_id.to_uppercase()) {
            found.push(to);
        } else {
            fields.warnings.add(
                WarningCode::DuplicateRecipient,
                "MessageHeader/To",
                format!(
                    "Cơ quan nhận {} ghi nhiều lần; hệ thống tính một lần.",
                    quoted(&to.organ_id)
                ),
            );
        }
    }
    found
}

fn organ(fields: &mut Fields<'_>, node: &Node, path: &str) -> Organ {
    let organ = Organ {
        organ_id: fields.text(node, path, "OrganId").unwrap_or_default(),
        organization_in_charge: fields.text(node, path, "OrganizationInCharge"),
        organ_name: fields.text(node, path, "OrganName"),
        organ_add: fields.text(node, path, "OrganAdd"),
        email: fields.text(node, path, "Email"),
        telephone: fields.text(node, path, "Telephone"),
        fax: fields.text(node, path, "Fax"),
        website: fields.text(node, path, "Website"),
    };
    if !organ.organ_id.is_empty() && OrganCodeForm::of(&organ.organ_id).is_none() {
        fields.warnings.add(
            WarningCode::AgencyCode,
            join(path, "OrganId"),
            format!(
                "Mã định danh cơ quan {} không đúng định dạng nào đã biết; hệ thống giữ nguyên.",
                quoted(&organ.organ_id)
            ),
        );
    }
    organ
}

fn responses(fields: &mut Fields<'_>, header: &Node) -> Vec<ResponseFor> {
    let mut known = HashSet::from([ResponseFor::default()]);
    let mut found = Vec::new();
    for node in fields.groups(header, "ResponseFor") {
        let response = response(fields, node);
        if known.insert(response.clone()) {
            found.push(response);
        }
    }
    found
}

fn response(fields: &mut Fields<'_>, node: &Node) -> ResponseFor {
    let path = join(PATH, "ResponseFor");
    ResponseFor {
        organ_id: fields.text(node, &path, "OrganId"),
        code: fields
            .text(node, &path, "Code")
            .or_else(|| joined_code(fields, node, &path)),
        promulgation_date: fields.date(node, &path, "PromulgationDate"),
        document_id: fields.text(node, &path, "DocumentId"),
    }
}

/// Some write the group of the header where the regulation has one text.
fn joined_code(fields: &mut Fields<'_>, node: &Node, path: &str) -> Option<String> {
    let code = fields.group(node, path, "Code")?;
    let path = join(path, "Code");
    let number = fields.text(code, &path, "CodeNumber")?;
    match fields.text(code, &path, "CodeNotation") {
        Some(notation) => Some(format!("{number}/{notation}")),
        None => Some(number),
    }
}

pub(crate) fn staff(fields: &mut Fields<'_>, node: &Node, path: &str) -> Staff {
    let Some(staff) = fields.group(node, path, "StaffInfo") else {
        return Staff::default();
    };
    let path = join(path, "StaffInfo");
    Staff {
        department: fields.text(staff, &path, "Department"),
        staff: fields.text(staff, &path, "Staff"),
        mobile: fields.text(staff, &path, "Mobile"),
        email: fields.text(staff, &path, "Email"),
    }
}

/// A signature that can be judged has the namespace of XMLDSig, a value and a certificate of more than a few letters.
fn signature(root: &Node) -> SignaturePresence {
    const SHORTEST: usize = 100;
    let signatures = root.found("Signature");
    let is_long = |node: &Node, name: &str| {
        node.found(name)
            .iter()
            .any(|found| found.text.trim().len() >= SHORTEST)
    };
    if signatures.is_empty() {
        SignaturePresence::Absent
    } else if signatures
        .iter()
        .any(|node| node.is_dsig && is_long(node, "SignatureValue") && is_long(node, "X509Certificate"))
    {
        SignaturePresence::Present
    } else {
        SignaturePresence::Dummy
    }
}
