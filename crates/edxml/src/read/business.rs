//! `TraceHeaderList` and `Bussiness` (spec edxml 4).

use std::collections::{HashMap, HashSet};

use super::{
    fields::{Fields, join},
    header::staff,
    node::Node,
};
use crate::{
    model::{Business, BusinessKind, Receiver, ReceiverChange, Replacement, TraceHeader},
    warning::WarningCode,
};

const LIST: &str = "TraceHeaderList";

/// The nodes that handled the message, in the order of the file.
pub(crate) fn trace_headers(fields: &mut Fields<'_>, header: &Node) -> Vec<TraceHeader> {
    let Some(list) = fields.group(header, "", LIST) else {
        return Vec::new();
    };
    let path = join(LIST, "TraceHeader");
    let mut known = HashSet::from([TraceHeader::default()]);
    let mut found = Vec::new();
    for node in fields.groups(list, "TraceHeader") {
        let entry = TraceHeader {
            organ_id: fields.text(node, &path, "OrganId"),
            timestamp: fields.timestamp(node, &path, "Timestamp"),
        };
        if known.insert(entry.clone()) {
            found.push(entry);
        }
    }
    found
}

/// What is to be done with the document. A stale target of a new document is dropped.
pub(crate) fn business(fields: &mut Fields<'_>, header: &Node) -> Business {
    let path = join(LIST, "Bussiness");
    let found = fields
        .group(header, "", LIST)
        .and_then(|list| fields.group(list, LIST, "Bussiness"))
        .or_else(|| fields.group(header, "", "Bussiness"));
    let Some(node) = found else {
        fields.warnings.add(
            WarningCode::NoBusiness,
            path,
            "Thông điệp không nêu loại nghiệp vụ; hệ thống xử lý như văn bản điện tử mới.",
        );
        return Business::default();
    };
    let mut business = Business {
        kind: kind(fields, node, &path),
        document_id: fields.text(node, &path, "DocumentId"),
        reason: fields.lines(node, &path, "BussinessDocReason"),
        // One source counts pages here: other values mean nothing to us.
        paper: fields
            .number(node, &path, "Paper")
            .and_then(|number| match number {
                0 => Some(false),
                1 => Some(true),
                _ => None,
            }),
        staff: staff(fields, node, &path),
        ..Business::default()
    };
    if business.kind == BusinessKind::New && business.document_id.take().is_some() {
        fields.warnings.add(
            WarningCode::StaleTarget,
            join(&path, "DocumentId"),
            "Văn bản mới nhưng có mã định danh văn bản liên quan trong phần nghiệp vụ; hệ thống bỏ qua mã này.",
        );
    }
    if let Some(info) = fields.group(node, &path, "BussinessDocumentInfo") {
        let path = join(&path, "BussinessDocumentInfo");
        business.document_info = fields.flag(info, &path, "DocumentInfo");
        business.document_receiver = fields.flag(info, &path, "DocumentReceiver");
        if let Some(list) = fields.group(info, &path, "ReceiverList") {
            business.receivers = receivers(fields, list, &join(&path, "ReceiverList/Receiver"));
        }
    }
    if let Some(list) = fields.group(node, &path, "ReplacementInfoList") {
        business.replacements =
            replacements(fields, list, &join(&path, "ReplacementInfoList/ReplacementInfo"));
    }
    business
}

fn kind(fields: &mut Fields<'_>, node: &Node, path: &str) -> BusinessKind {
    let value = fields.coded(node, path, "BussinessDocType", 3);
    match value.and_then(BusinessKind::from_value) {
        Some(kind) => kind,
        None => {
            fields.warnings.add(
                WarningCode::NoBusiness,
                join(path, "BussinessDocType"),
                "Thông điệp không nêu loại nghiệp vụ hợp lệ; hệ thống xử lý như văn bản điện tử mới.",
            );
            BusinessKind::New
        }
    }
}

fn receivers(fields: &mut Fields<'_>, list: &Node, path: &str) -> Vec<Receiver> {
    let mut known = HashSet::new();
    let mut found = Vec::new();
    for node in fields.groups(list, "Receiver") {
        let Some(organ_id) = fields.text(node, path, "OrganId") else {
            fields.require(false, &join(path, "OrganId"));
            continue;
        };
        let change = fields.flag(node, path, "ReceiverType").map(|is_added| {
            if is_added {
                ReceiverChange::Added
            } else {
                ReceiverChange::Removed
            }
        });
        let receiver = Receiver { organ_id, change };
        if known.insert(receiver.clone()) {
            found.push(receiver);
        }
    }
    found
}

fn replacements(fields: &mut Fields<'_>, list: &Node, path: &str) -> Vec<Replacement> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut found: Vec<Replacement> = Vec::new();
    for node in fields.groups(list, "ReplacementInfo") {
        let document_id = fields.text(node, path, "DocumentId");
        let mut organ_ids = Vec::new();
        for ids in fields.groups(node, "OrganIdList") {
            organ_ids.extend(fields.texts(ids, &join(path, "OrganIdList"), "OrganId"));
        }
        let Some(document_id) = document_id else {
            // Nobody can tell what it replaces.
            fields.require(false, &join(path, "DocumentId"));
            continue;
        };
        let place = *places.entry(document_id.clone()).or_insert(found.len());
        match found.get_mut(place) {
            Some(other) => other.organ_ids.extend(organ_ids),
            None => found.push(Replacement {
                document_id,
                organ_ids,
            }),
        }
    }
    for replacement in &mut found {
        let mut known = HashSet::new();
        replacement.organ_ids.retain(|id| known.insert(id.clone()));
    }
    found
}
