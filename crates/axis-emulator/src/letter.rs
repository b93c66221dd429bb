//! Messages from templates, as the axis operator's own client writes them (spec edxml 2 to 6): for partners, for the kit,
//! for tests. Everybody in them is made up.

mod pdf;

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use quick_xml::escape::escape;
use serde::{Deserialize, Serialize};

use self::pdf::pdf;
use crate::xml::Summary;

const NAMESPACE: &str = "http://www.mic.gov.vn/TBT/QCVN_102_2016";

/// What a document is to another one (`BussinessDocType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Business {
    /// A new document.
    #[default]
    New,
    /// Revokes another (thu hồi).
    Recall,
    /// Updates another (cập nhật).
    Update,
    /// Replaces another (thay thế).
    Replace,
}

impl Business {
    fn number(self) -> u8 {
        match self {
            Self::New => 0,
            Self::Recall => 1,
            Self::Update => 2,
            Self::Replace => 3,
        }
    }
}

/// A person named in a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Unit.
    pub department: String,
    /// Name.
    pub name: String,
}

impl Default for Person {
    fn default() -> Self {
        Self {
            department: "Văn thư".to_owned(),
            name: "Trần Thị Thử".to_owned(),
        }
    }
}

/// A file in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Name.
    pub name: String,
    /// `ContentType`.
    pub content_type: String,
    /// Bytes.
    pub bytes: Vec<u8>,
}

impl File {
    /// A PDF of one page that says `text`; `size` bytes at least.
    pub fn pdf(name: &str, text: &str, size: usize) -> Self {
        Self {
            name: name.to_owned(),
            content_type: "application/pdf".to_owned(),
            bytes: pdf(text, size),
        }
    }
}

/// A document message.
#[derive(Debug, Clone)]
pub struct Letter {
    /// `From/OrganId`.
    pub from: String,
    /// `To/OrganId` of each recipient.
    pub to: Vec<String>,
    /// `DocumentId`; left out when empty.
    pub document_id: String,
    /// `CodeNumber`; the group is left out when number and notation are empty.
    pub number: String,
    /// `CodeNotation`.
    pub notation: String,
    /// Time of sending; its date is that of the document.
    pub at: Timestamp,
    /// `Subject`.
    pub subject: String,
    /// `BussinessDocType`.
    pub business: Business,
    /// `Bussiness/DocumentId`, or the replaced document.
    pub target: Option<String>,
    /// `BussinessDocReason`.
    pub reason: Option<String>,
    /// Files.
    pub files: Vec<File>,
    /// References to files that are not there.
    pub missing_files: Vec<String>,
    /// Who signs the message with a signature that nobody can check.
    signer: Option<Person>,
}

impl Letter {
    /// A new document with one PDF. Time is fixed until [`Letter::dated`].
    pub fn new(from: &str, to: &[&str], number: &str, notation: &str) -> Self {
        let mut letter = Self {
            from: from.to_owned(),
            to: to.iter().map(|code| (*code).to_owned()).collect(),
            document_id: String::new(),
            number: number.to_owned(),
            notation: notation.to_owned(),
            at: Timestamp::UNIX_EPOCH,
            subject: format!("V/v báo cáo số liệu mẫu số {number}"),
            business: Business::New,
            target: None,
            reason: None,
            files: vec![File::pdf(
                &format!("{number}.signed.pdf"),
                &format!("Cong van {number}/{notation}"),
                0,
            )],
            missing_files: Vec::new(),
            signer: None,
        };
        letter.identify();
        letter
    }

    /// Dated by this time; the identifier follows.
    #[must_use]
    pub fn dated(mut self, at: Timestamp) -> Self {
        self.at = at;
        self.identify();
        self
    }

    /// With another business, and the document it is about.
    #[must_use]
    pub fn about(mut self, business: Business, target: &str, reason: &str) -> Self {
        self.business = business;
        self.target = Some(target.to_owned());
        self.reason = Some(reason.to_owned());
        self.subject = match business {
            Business::New => self.subject,
            Business::Recall => format!("V/v thu hồi văn bản {target}"),
            Business::Update => format!("V/v cập nhật văn bản {target}"),
            Business::Replace => format!("V/v thay thế văn bản {target}"),
        };
        self
    }

    /// With a signature of the message that nobody can check, as vendors' examples have it.
    #[must_use]
    pub fn signed_by(mut self, signer: Person) -> Self {
        self.signer = Some(signer);
        self
    }

    /// `OrganId,yyyy/MM/dd,số/ký hiệu` (spec edxml 11).
    fn identify(&mut self) {
        let (from, number, notation) = (&self.from, &self.number, &self.notation);
        self.document_id = format!("{from},{},{number}/{notation}", self.date());
    }

    fn date(&self) -> String {
        axis::wire::vietnam(self.at).strftime("%Y/%m/%d").to_string()
    }

    /// The message.
    pub fn to_xml(&self) -> String {
        let mut xml = Xml::begin();
        xml.open("edXMLHeader").open("MessageHeader");
        organ(&mut xml, "From", &self.from);
        for code in &self.to {
            organ(&mut xml, "To", code);
        }
        xml.leaf("DocumentId", &self.document_id);
        if !self.number.is_empty() || !self.notation.is_empty() {
            xml.open("Code");
            xml.leaf("CodeNumber", &self.number)
                .leaf("CodeNotation", &self.notation);
            xml.close("Code").open("PromulgationInfo");
            xml.leaf("Place", "Ví Dụ").leaf("PromulgationDate", &self.date());
            xml.close("PromulgationInfo");
        }
        xml.open("DocumentType")
            .leaf("Type", "2")
            .leaf("TypeDetail", "18");
        xml.leaf("TypeName", "Công văn").close("DocumentType");
        xml.leaf("Subject", &self.subject).leaf("Content", &self.subject);
        xml.open("SignerInfo").leaf("Competence", "KT. GIÁM ĐỐC");
        xml.leaf("Position", "Phó Giám đốc")
            .leaf("FullName", "Nguyễn Văn Mẫu")
            .close("SignerInfo");
        xml.open("OtherInfo")
            .leaf("Priority", "0")
            .leaf("PromulgationAmount", "1");
        xml.leaf("PageAmount", "1").close("OtherInfo");
        xml.leaf("SteeringType", "0")
            .open("ToPlaces")
            .leaf("Place", "Như trên")
            .leaf("Place", "Lưu: VT");
        xml.close("ToPlaces").close("MessageHeader");
        self.trace(&mut xml);
        if let Some(signer) = &self.signer {
            xml.raw(&dummy_signature(signer));
        }
        xml.close("edXMLHeader").open("edXMLBody");
        xml.raw("<edXML:edXMLManifest version=\"1.0\">\n");
        let names = self
            .files
            .iter()
            .map(|f| (f.name.as_str(), f.content_type.as_str()));
        let missing = self
            .missing_files
            .iter()
            .map(|name| (name.as_str(), "application/pdf"));
        for (i, (name, content_type)) in names.chain(missing).enumerate() {
            xml.open("Reference")
                .leaf("ContentId", &format!("cid:{}", self.content_id(i)));
            xml.leaf("ContentType", content_type)
                .leaf("AttachmentName", name)
                .close("Reference");
        }
        xml.close("edXMLManifest")
            .close("edXMLBody")
            .close("edXMLEnvelope");
        self.attachments(&mut xml);
        xml.end()
    }

    fn trace(&self, xml: &mut Xml) {
        xml.open("TraceHeaderList")
            .open("TraceHeader")
            .leaf("OrganId", &self.from);
        xml.leaf("Timestamp", &stamp(self.at))
            .close("TraceHeader")
            .open("Bussiness");
        if matches!(self.business, Business::Recall | Business::Update) {
            xml.leaf("DocumentId", self.target.as_deref().unwrap_or_default());
        }
        xml.leaf("BussinessDocType", &self.business.number().to_string());
        xml.leaf("BussinessDocReason", self.reason.as_deref().unwrap_or_default())
            .leaf("Paper", "0");
        match (self.business, &self.target) {
            (Business::Update, _) => {
                xml.open("BussinessDocumentInfo")
                    .leaf("DocumentInfo", "1")
                    .leaf("DocumentReceiver", "0");
                xml.close("BussinessDocumentInfo");
            }
            (Business::Replace, Some(target)) => {
                xml.open("ReplacementInfoList")
                    .open("ReplacementInfo")
                    .leaf("DocumentId", target);
                xml.open("OrganIdList");
                for code in &self.to {
                    xml.leaf("OrganId", code);
                }
                xml.close("OrganIdList")
                    .close("ReplacementInfo")
                    .close("ReplacementInfoList");
            }
            _ => {}
        }
        staff(xml, &Person::default());
        xml.close("Bussiness").close("TraceHeaderList");
    }

    fn attachments(&self, xml: &mut Xml) {
        xml.raw("<AttachmentEncoded>\n");
        for (i, file) in self.files.iter().enumerate() {
            xml.raw(&format!(
                "<Attachment>\n<ContentId>cid:{}</ContentId>\n<AttachmentName>{}</AttachmentName>\n\
                 <ContentType>{}</ContentType>\n<edXML:ContentTransferEncoded xmlns:edXML=\"{NAMESPACE}\">",
                self.content_id(i),
                escape(file.name.as_str()),
                file.content_type
            ));
            STANDARD.encode_string(&file.bytes, &mut xml.0);
            xml.raw("</edXML:ContentTransferEncoded>\n</Attachment>\n");
        }
        xml.raw("</AttachmentEncoded>\n");
    }

    /// Stable, so that the same letter is the same bytes.
    fn content_id(&self, number: usize) -> String {
        let sum = axis::wire::FileHash::of(format!("{}#{number}", self.document_id).as_bytes());
        let hex = hex::encode(&sum[..16]);
        format!(
            "{}-{}-4{}-8{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[13..16],
            &hex[17..20],
            &hex[20..]
        )
    }
}

/// A status message.
#[derive(Debug, Clone)]
pub struct Status {
    /// `From/OrganId`.
    pub from: String,
    /// `ResponseFor/OrganId`.
    pub organ_id: String,
    /// `ResponseFor/Code`.
    pub code: String,
    /// `ResponseFor/PromulgationDate`.
    pub date: String,
    /// `ResponseFor/DocumentId`.
    pub document_id: String,
    /// `StatusCode`.
    pub status: String,
    /// `Description`.
    pub description: String,
    /// `Timestamp`.
    pub at: Timestamp,
}

impl Status {
    /// The answer of `from` to a document that was read as `document`.
    pub fn answer(document: &Summary, from: &str, status: &str, description: &str, at: Timestamp) -> Self {
        Self {
            from: from.to_owned(),
            organ_id: document.from.clone().unwrap_or_default(),
            code: document.notation.clone().unwrap_or_default(),
            date: document.date.clone().unwrap_or_default(),
            document_id: document.document_id.clone().unwrap_or_default(),
            status: status.to_owned(),
            description: description.to_owned(),
            at,
        }
    }

    /// The message.
    pub fn to_xml(&self) -> String {
        let mut xml = Xml::begin();
        xml.open("edXMLHeader").open("MessageHeader");
        organ(&mut xml, "From", &self.from);
        xml.open("ResponseFor")
            .leaf("OrganId", &self.organ_id)
            .leaf("Code", &self.code);
        xml.leaf("DocumentId", &self.document_id)
            .leaf("PromulgationDate", &self.date)
            .close("ResponseFor");
        staff(&mut xml, &Person::default());
        xml.leaf("StatusCode", &self.status)
            .leaf("Description", &self.description);
        xml.leaf("Timestamp", &stamp(self.at))
            .close("MessageHeader")
            .close("edXMLHeader");
        xml.close("edXMLEnvelope");
        xml.end()
    }
}

/// Vietnamese words of a status, as clerks write them.
pub fn status_label(code: &str) -> &'static str {
    match code {
        "01" => "Đã đến",
        "02" => "Từ chối tiếp nhận",
        "03" => "Đã tiếp nhận",
        "04" => "Phân công",
        "05" => "Đang xử lý",
        "06" => "Hoàn thành",
        "13" => "Lấy lại",
        "15" => "Đồng ý yêu cầu cập nhật/lấy lại",
        "16" => "Từ chối yêu cầu cập nhật/lấy lại",
        _ => "Trạng thái khác",
    }
}

fn stamp(at: Timestamp) -> String {
    axis::wire::vietnam(at).strftime("%Y/%m/%d %H:%M:%S").to_string()
}

fn organ(xml: &mut Xml, element: &str, code: &str) {
    xml.open(element)
        .leaf("OrganId", code)
        .leaf("OrganizationInCharge", "UBND tỉnh Ví Dụ");
    xml.leaf("OrganName", &format!("Cơ quan mẫu {code}"))
        .leaf("Email", "vanthu@example.vn")
        .close(element);
}

fn staff(xml: &mut Xml, person: &Person) {
    xml.open("StaffInfo")
        .leaf("Department", &person.department)
        .leaf("Staff", &person.name);
    xml.close("StaffInfo");
}

/// The eleven characters that stand for a certificate in vendors' examples (spec edxml 7).
fn dummy_signature(signer: &Person) -> String {
    format!(
        "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo>\
         <CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"></CanonicalizationMethod>\
         <SignatureMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#rsa-sha1\"></SignatureMethod>\
         <Reference URI=\"\"><DigestMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#sha1\"></DigestMethod>\
         <DigestValue>dGhpcyBpcyBub3Qgc2lnbmVkIQ==</DigestValue></Reference></SignedInfo>\
         <SignatureValue>ZHVtbXk=</SignatureValue><KeyInfo><X509Data><X509SubjectName>CN={}</X509SubjectName>\
         <X509Certificate>MIIC...mau=</X509Certificate></X509Data></KeyInfo></Signature>\n",
        escape(signer.name.as_str())
    )
}

/// Text of a message as it grows.
struct Xml(String);

impl Xml {
    fn begin() -> Self {
        Self(format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<edXML xmlns=\"{NAMESPACE}\">\n\
             <edXML:edXMLEnvelope xmlns:edXML=\"{NAMESPACE}\">\n"
        ))
    }

    fn open(&mut self, name: &str) -> &mut Self {
        // Writing to a String cannot fail; the same below.
        let _ = writeln!(self.0, "<edXML:{name}>");
        self
    }

    fn close(&mut self, name: &str) -> &mut Self {
        let _ = writeln!(self.0, "</edXML:{name}>");
        self
    }

    /// Empty elements are left out.
    fn leaf(&mut self, name: &str, text: &str) -> &mut Self {
        if !text.is_empty() {
            let _ = writeln!(self.0, "<edXML:{name}>{}</edXML:{name}>", escape(text));
        }
        self
    }

    fn raw(&mut self, text: &str) -> &mut Self {
        self.0.push_str(text);
        self
    }

    fn end(mut self) -> String {
        self.0.push_str("</edXML>\n");
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edxml_6_14_a_letter_and_its_answer_are_read_back() {
        let at = "2026-01-05T01:00:00Z".parse().unwrap();
        let letter = Letter::new("G99", &["H16.05"], "7", "BVD-VP & Đ").dated(at);
        let read = Summary::read(letter.to_xml().as_bytes()).unwrap();
        assert_eq!(read.document_id.as_deref(), Some("G99,2026/01/05,7/BVD-VP & Đ"));
        assert_eq!(read.to, ["H16.05"]);
        let status = Status::answer(&read, "H16.05", "02", "Không thuộc thẩm quyền", at);
        let read = Summary::read(status.to_xml().as_bytes()).unwrap();
        assert_eq!(read.status_code.as_deref(), Some("02"));
        let answered = read.response_for.unwrap();
        assert_eq!(
            answered.document_id.as_deref(),
            Some("G99,2026/01/05,7/BVD-VP & Đ")
        );
        assert_eq!(answered.date.as_deref(), Some("2026/01/05"));

        let recall =
            Letter::new("G99", &["H16.05"], "8", "BVD").about(Business::Recall, "G99,x,7", "gửi nhầm");
        let read = Summary::read(recall.to_xml().as_bytes()).unwrap();
        assert_eq!(
            (read.business, read.business_document_id.as_deref()),
            (1, Some("G99,x,7"))
        );
        assert_eq!(letter.to_xml(), letter.to_xml());
    }
}
