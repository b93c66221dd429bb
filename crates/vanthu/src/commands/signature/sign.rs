//! `vanthu signature sign`, for operators: one file, one signature, checked before it is written.

use std::{fs, io::Write as _, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use jiff::{SignedDuration, Timestamp};
use pdf_signature::{
    appearance::{Appearance, Area, Font, SealImage, TextLine},
    cms,
    pki::{Context, check_certificate},
    sign::{self, DEFAULT_RESERVE, FieldSpec, Prepared},
    verify::{Integrity, Verdict, validation_data},
};
use sha2::{Digest as _, Sha256};
use signing_providers::{
    CertificateChain, FolderOfSecrets, HashItem, HashRequest, Progress, Provider, ProviderConfig, Secret,
    SignerRef, TimeStamper, UserStep,
    agent::{Console as _, Terminal},
    open,
    tsa::{HttpTsa, TsaConfig},
};
use store::Clock;

use super::{trust_folder, verify};
use crate::signing::trust::OwnedContext;

/// Arguments of `vanthu signature sign`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Tệp PDF cần ký; không bị thay đổi.
    file: PathBuf,
    /// Tệp kết quả; không được có sẵn.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Nơi giữ khóa: software:THƯ_MỤC (chỉ để thử), pkcs11:THƯ_VIỆN, hoặc config:TỆP (JSON; csc:TỆP cũng vậy).
    #[arg(long, value_name = "KIND:WHERE")]
    provider: String,
    /// Nhãn token, với pkcs11.
    #[arg(long)]
    token: Option<String>,
    /// Khóa nào, khi nơi giữ khóa có nhiều khóa.
    #[arg(long)]
    key: Option<String>,
    /// Tên người dùng ở dịch vụ ký số từ xa.
    #[arg(long)]
    user: Option<String>,
    /// Tệp chứa mã PIN; hoặc đặt biến VANTHU_SIGN_PIN.
    #[arg(long, value_name = "FILE")]
    pin_file: Option<PathBuf>,
    /// Thư mục chứa các bí mật mà tệp cấu hình nhắc tới.
    #[arg(long, value_name = "DIR")]
    secrets: Option<PathBuf>,
    /// Hình thức hiển thị.
    #[arg(long, value_enum, default_value = "none")]
    appearance: Look,
    /// Tệp PNG, với --appearance image.
    #[arg(long, value_name = "FILE")]
    image: Option<PathBuf>,
    /// Chữ, mỗi lần một dòng, với --appearance text.
    #[arg(long)]
    text: Vec<String>,
    /// Phông chữ TrueType, với --appearance text.
    #[arg(long, value_name = "FILE")]
    font: Option<PathBuf>,
    /// Trang, tính từ 1.
    #[arg(long, default_value_t = 1)]
    page: u32,
    /// Khung, mm từ góc trên bên trái: TRÁI,TRÊN,RỘNG,CAO.
    #[arg(long, value_name = "X,Y,W,H", value_parser = rectangle)]
    area: Option<[f64; 4]>,
    /// Lý do ký.
    #[arg(long)]
    reason: Option<String>,
    /// Nơi ký.
    #[arg(long)]
    location: Option<String>,
    /// Dịch vụ cấp dấu thời gian.
    #[arg(long, value_name = "URL")]
    tsa: Option<String>,
    /// Mức chữ ký PAdES.
    #[arg(long, value_enum, default_value = "b")]
    level: Level,
    /// Thư mục danh sách tin cậy, để kiểm tra chứng thư trước khi ký và lấy dữ liệu xác thực.
    #[arg(long, value_name = "DIR")]
    trust: Option<PathBuf>,
    /// Không truy cập mạng để lấy CRL, OCSP.
    #[arg(long)]
    offline: bool,
}

/// What a signature looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Look {
    /// Không hiển thị.
    None,
    /// Hình ảnh chữ ký hoặc con dấu.
    Image,
    /// Các dòng chữ.
    Text,
}

/// Level of PAdES.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Level {
    /// B-B.
    B,
    /// B-T: có dấu thời gian.
    T,
    /// B-LT: có dữ liệu xác thực lâu dài.
    Lt,
    /// B-LTA: có dấu thời gian trên dữ liệu xác thực.
    Lta,
}

fn rectangle(text: &str) -> Result<[f64; 4], String> {
    let parts: Vec<f64> = text
        .split(',')
        .map(|part| {
            part.trim()
                .parse()
                .map_err(|_| format!("“{part}” không phải là số"))
        })
        .collect::<Result<_, _>>()?;
    parts
        .try_into()
        .map_err(|_| "ghi bốn số: TRÁI,TRÊN,RỘNG,CAO".to_owned())
}

/// How long a person has to confirm.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);

/// Signs.
///
/// # Errors
/// Whatever stops it; then no file is written.
pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(
        !arguments.out.exists(),
        "Tệp {} đã có; chọn tên khác.",
        arguments.out.display()
    );
    anyhow::ensure!(
        arguments.level == Level::B || arguments.tsa.is_some(),
        "Mức chữ ký này cần dịch vụ cấp dấu thời gian: thêm --tsa URL."
    );
    let original = fs::read(&arguments.file)
        .with_context(|| format!("Không đọc được tệp {}", arguments.file.display()))?;
    let now = Clock::System.now();
    let mut basis = trust_folder::basis(arguments.trust.as_deref(), now)?;
    let secrets = FolderOfSecrets(arguments.secrets.clone().unwrap_or_default());
    let provider = open(&place(&arguments)?, &secrets, Arc::new(|| Clock::System.now()))?;
    let chain = choose(provider.as_ref(), &arguments).await?;
    may_sign(&chain, &basis, arguments.trust.is_some())?;
    let tsa = match &arguments.tsa {
        Some(url) => Some(HttpTsa::open(&tsa_config(url)?, &secrets)?),
        None => None,
    };
    let mut signed = first(
        &arguments,
        provider.as_ref(),
        &chain,
        tsa.as_ref(),
        &original,
        now,
    )
    .await?;
    if arguments.level >= Level::Lt {
        let found = verify::check_by(&mut basis, &signed, arguments.offline).await?;
        anyhow::ensure!(
            found.report.verdict == Verdict::TotalPassed,
            "Chưa đủ dữ liệu để tạo mức B-LT: {}",
            why(&found.report)
        );
        let tail = sign::with_validation_data(&signed, &validation_data(&signed, &basis.borrow()))?;
        signed.extend_from_slice(&tail);
    }
    if let (Level::Lta, Some(tsa)) = (arguments.level, &tsa) {
        let name = sign::next_field_name(&signed, "DauThoiGian")?;
        let mut prepared = sign::prepare_document_timestamp(&signed, &name, DEFAULT_RESERVE)?;
        prepared.finish(&tsa.stamp(&prepared.digest).await?)?;
        signed = prepared.append_to(signed);
    }
    // What was made is checked like anybody's file; a broken one is never written.
    basis.now = Clock::System.now();
    let report = verify::check_by(&mut basis, &signed, true).await?.report;
    let own = report.signatures.iter().rev().find(|one| one.signer_cn.is_some());
    anyhow::ensure!(
        own.is_some_and(|one| one.integrity == Integrity::Intact) && report.verdict != Verdict::TotalFailed,
        "Chữ ký vừa tạo không qua được kiểm tra: {}",
        why(&report)
    );
    let mut out = fs::File::create_new(&arguments.out)
        .with_context(|| format!("Không ghi được tệp {}", arguments.out.display()))?;
    out.write_all(&signed)?;
    out.sync_all()?;
    println!(
        "Đã ký: {} ({}). Kết quả kiểm tra: {}.",
        arguments.out.display(),
        chain.label,
        report.verdict.label()
    );
    Ok(ExitCode::SUCCESS)
}

fn why(report: &pdf_signature::verify::Report) -> String {
    report
        .signatures
        .iter()
        .filter(|one| one.verdict != Verdict::TotalPassed)
        .map(|one| one.reason.clone())
        .chain(report.unreadable.iter().map(|note| note.sentence.clone()))
        .collect::<Vec<_>>()
        .join(" ")
}

fn tsa_config(url: &str) -> anyhow::Result<TsaConfig> {
    Ok(serde_json::from_value(serde_json::json!({ "url": url }))?)
}

fn place(arguments: &Arguments) -> anyhow::Result<ProviderConfig> {
    let (kind, at) = arguments
        .provider
        .split_once(':')
        .context("Ghi nơi giữ khóa dạng software:THƯ_MỤC, pkcs11:THƯ_VIỆN hoặc config:TỆP.")?;
    let value = match kind {
        "software" => serde_json::json!({ "kind": "software", "folder": at }),
        "pkcs11" => serde_json::json!({ "kind": "pkcs11", "module": at, "token": arguments.token }),
        "config" | "csc" => {
            let text = fs::read_to_string(at).with_context(|| format!("Không đọc được tệp {at}"))?;
            serde_json::from_str(&text).context("Tệp cấu hình nơi giữ khóa không đúng dạng JSON.")?
        }
        other => anyhow::bail!("Không biết nơi giữ khóa loại “{other}”."),
    };
    serde_json::from_value(value).context("Cấu hình nơi giữ khóa không đúng.")
}

fn pin(arguments: &Arguments) -> anyhow::Result<Option<Secret>> {
    let text = match &arguments.pin_file {
        Some(path) => {
            Some(fs::read_to_string(path).with_context(|| format!("Không đọc được tệp {}", path.display()))?)
        }
        None => std::env::var("VANTHU_SIGN_PIN").ok(),
    };
    Ok(text.map(|text| Secret::new(text.trim_end_matches(['\r', '\n']))))
}

/// The chosen key, or the only one.
async fn choose(provider: &dyn Provider, arguments: &Arguments) -> anyhow::Result<CertificateChain> {
    let signer = SignerRef {
        user: arguments.user.clone(),
        authorization: pin(arguments)?,
    };
    let mut chains = provider.certificates(&signer).await?;
    if let Some(key) = &arguments.key {
        chains.retain(|chain| chain.key == *key);
    }
    let names = chains
        .iter()
        .map(|chain| format!("  {} – {}", chain.key, chain.label))
        .collect::<Vec<_>>()
        .join("\n");
    match <[CertificateChain; 1]>::try_from(chains) {
        Ok([chain]) => Ok(chain),
        Err(chains) if chains.is_empty() => anyhow::bail!("Không có khóa phù hợp ở {}.", provider.label()),
        Err(_) => anyhow::bail!("Có nhiều khóa; chọn một bằng --key:\n{names}"),
    }
}

/// KS-01: the certificate is looked at before it signs.
fn may_sign(chain: &CertificateChain, basis: &OwnedContext, is_trusting: bool) -> anyhow::Result<()> {
    let context: Context<'_> = basis.borrow();
    let verdict = check_certificate(&chain.certificates, basis.now, &context);
    match verdict.verdict {
        Verdict::TotalPassed => Ok(()),
        Verdict::TotalFailed => anyhow::bail!("Chứng thư không được dùng để ký: {}", verdict.reason),
        Verdict::Indeterminate => {
            if is_trusting {
                eprintln!("Lưu ý: chưa đủ căn cứ về chứng thư: {}", verdict.reason);
            } else {
                eprintln!("Lưu ý: không có --trust nên chứng thư chưa được kiểm tra.");
            }
            Ok(())
        }
    }
}

/// Prepares, has the key sign, stamps, finishes.
async fn first(
    arguments: &Arguments,
    provider: &dyn Provider,
    chain: &CertificateChain,
    tsa: Option<&HttpTsa>,
    original: &[u8],
    now: Timestamp,
) -> anyhow::Result<Vec<u8>> {
    let leaf = chain.certificates.first().context("Khóa không có chứng thư.")?;
    let area = arguments.area.map(|[x, y, width, height]| Area {
        page: arguments.page,
        x,
        y,
        width,
        height,
    });
    let drawn = drawing(arguments, area.as_ref())?;
    let name = sign::next_field_name(original, "ChuKy")?;
    let mut prepared: Prepared = sign::prepare(
        original,
        &FieldSpec {
            name: &name,
            area,
            appearance: drawn.as_ref(),
            reason: arguments.reason.as_deref(),
            location: arguments.location.as_deref(),
            signer_name: Some(&chain.label),
            at: now,
            reserve: DEFAULT_RESERVE,
        },
    )?;
    let attributes = cms::signed_attributes(&prepared.digest, leaf)?;
    let request = HashRequest {
        key: chain.key.clone(),
        certificate: leaf.clone(),
        items: vec![HashItem {
            message: Some(attributes.clone()),
            ..HashItem::new(
                cms::to_sign(&attributes),
                format!("Ký tệp {}", arguments.file.display()),
            )
        }],
        expires_at: now + PATIENCE,
        authorization: pin(arguments)?,
    };
    let raw = signature(provider, &request).await?;
    cms::check_raw(leaf, &attributes, &raw)?;
    let mut envelope = cms::assemble(&chain.certificates, &attributes, &raw)?;
    if let Some(tsa) = tsa {
        let imprint: [u8; 32] = Sha256::digest(cms::signature_value(&envelope)?).into();
        envelope = cms::with_timestamp(&envelope, &tsa.stamp(&imprint).await?)?;
    }
    prepared.finish(&envelope)?;
    Ok(prepared.whole(original))
}

fn drawing(arguments: &Arguments, area: Option<&Area>) -> anyhow::Result<Option<Appearance>> {
    if arguments.appearance == Look::None {
        return Ok(None);
    }
    let area = area.context("Chữ ký có hiển thị cần vị trí: thêm --area TRÁI,TRÊN,RỘNG,CAO.")?;
    if arguments.appearance == Look::Image {
        let path = arguments.image.as_ref().context("Thêm --image TỆP.png.")?;
        let png = fs::read(path).with_context(|| format!("Không đọc được tệp {}", path.display()))?;
        return Ok(Some(Appearance::image(&SealImage::from_png(&png)?, area)));
    }
    anyhow::ensure!(!arguments.text.is_empty(), "Thêm ít nhất một --text.");
    let path = arguments.font.as_ref().context("Thêm --font TỆP.ttf.")?;
    let bytes = fs::read(path).with_context(|| format!("Không đọc được tệp {}", path.display()))?;
    let lines: Vec<_> = arguments.text.iter().map(TextLine::note).collect();
    Ok(Some(Appearance::text(&lines, &Font::new(bytes, 0)?, area)?))
}

/// Goes on until the signature is there.
async fn signature(provider: &dyn Provider, request: &HashRequest) -> anyhow::Result<Vec<u8>> {
    let mut progress = provider.start(request).await?;
    loop {
        progress = match progress {
            Progress::Done(mut raw) if raw.len() == 1 => return Ok(raw.remove(0)),
            Progress::Done(_) => anyhow::bail!("Nơi giữ khóa trả lời không đúng số chữ ký."),
            Progress::Pending {
                transaction,
                poll_after,
                expires_at,
            } => {
                anyhow::ensure!(Clock::System.now() < expires_at, "Đã hết thời hạn xác nhận ký.");
                tokio::time::sleep(poll_after.clamp(Duration::from_millis(200), Duration::from_secs(30)))
                    .await;
                provider.poll(&transaction, request).await?
            }
            Progress::NeedsUser {
                transaction, step, ..
            } => {
                let answer = match step {
                    UserStep::Pin => serde_json::json!({ "pin": pin_from_terminal().await? }),
                    UserStep::Otp => serde_json::json!({ "otp": ask("Mã xác nhận (OTP): ")? }),
                    UserStep::Redirect(address) => {
                        println!("Mở địa chỉ sau để xác nhận, rồi nhập mã nhận được:\n{address}");
                        serde_json::json!({ "code": ask("Mã: ")? })
                    }
                    UserStep::Agent(_) => {
                        anyhow::bail!("Khóa trong trình duyệt chỉ dùng được trên trang của hệ thống.")
                    }
                };
                provider.answer(&transaction, request, answer).await?
            }
        };
    }
}

/// The PIN is not shown while it is typed.
async fn pin_from_terminal() -> anyhow::Result<String> {
    let pin = Terminal.pin("Mã PIN").await.context("Chưa nhập mã PIN.")?;
    Ok(pin.reveal().to_owned())
}

fn ask(what: &str) -> anyhow::Result<String> {
    eprint!("{what}");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}
