//! The acts: an image is set in place of the one before, or removed. Earlier images stay on record.

use pdf_signature::appearance::Ink;
use rules::{
    Refusal,
    ids::{AccountId, AgencyId, CommandId},
};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{Act, Begun, Entry, args, sql};
use uuid::Uuid;

use super::encode::{Encoded, encode};
use crate::{
    act_names, administration,
    context::{App, Who},
    error::{AppError, AppResult},
};

/// Whose image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The handwriting of a person of the agency.
    Person(AccountId),
    /// The seal of the agency, with its diameter in tenths of a millimetre.
    Agency {
        /// From 20 mm to 60 mm.
        diameter: u32,
    },
}

/// An image to set.
#[derive(Debug, Clone)]
pub struct NewImage {
    /// The agency.
    pub agency: AgencyId,
    /// Whose.
    pub owner: Owner,
    /// PNG.
    pub png: Vec<u8>,
}

/// Sets an image.
///
/// # Errors
/// `PL1-7`, `PL1-8` for an image that is not as Phụ lục I asks; [`AppError::NotFound`] for an agency or a person that is not
/// this administrator's.
pub async fn set(app: &App, who: &Who, command: CommandId, new: NewImage) -> AppResult<Uuid> {
    administration::must_administer(who)?;
    if !administration::manages(who, new.agency) {
        return Err(AppError::NotFound);
    }
    let ink = match new.owner {
        Owner::Person(_) => Ink::Blue,
        Owner::Agency { diameter } => {
            if !(200..=600).contains(&diameter) {
                return Err(Refusal::new(
                    "PL1-8",
                    "image.diameter",
                    "Đường kính con dấu phải từ 20 mm đến 60 mm. Vui lòng đo con dấu và nhập lại.",
                )
                .on("diameter")
                .into());
            }
            Ink::Red
        }
    };
    let (png, agency, owner) = (new.png, new.agency, new.owner);
    let encoded = app.heavy(move |_| encode(&png, ink)).await??;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(id) => return Ok(id),
        Begun::Now(act) => act,
    };
    let id = write(&mut act, agency, owner, encoded).await?;
    app.commit(act, &id).await?;
    Ok(id)
}

/// Sets an image that the program made itself, within an act that already asked who may.
///
/// # Errors
/// As [`set`].
pub async fn insert(act: &mut Act, new: NewImage) -> AppResult<Uuid> {
    let ink = match new.owner {
        Owner::Person(_) => Ink::Blue,
        Owner::Agency { .. } => Ink::Red,
    };
    let encoded = encode(&new.png, ink)?;
    write(act, new.agency, new.owner, encoded).await
}

async fn write(act: &mut Act, agency: AgencyId, owner: Owner, image: Encoded) -> AppResult<Uuid> {
    let (id, now, today, by) = (act.new_id(), act.now(), act.today(), act.actor().label.clone());
    // The row of the owner is locked, so that two acts at once leave one image in force.
    let name = match owner {
        Owner::Person(account) => {
            act.run(
                sql!("UPDATE account SET failures = failures WHERE id = $1"),
                args![account],
            )
            .await?;
            act.opt(
                sql!(
                    "SELECT a.full_name AS name FROM account a JOIN post p ON p.account_id = a.id WHERE a.id = $1 \
                     AND p.agency_id = $2 AND (p.valid_to IS NULL OR p.valid_to >= $3) LIMIT 1"
                ),
                args![account, agency, today],
            )
            .await?
        }
        Owner::Agency { .. } => {
            act.opt(
                sql!("UPDATE agency SET abbr = abbr WHERE id = $1 RETURNING name"),
                args![agency],
            )
            .await?
        }
    };
    let name: String = name.ok_or(AppError::NotFound)?.get("name")?;
    let (kind, account, diameter) = match owner {
        Owner::Person(account) => ("person", Some(account), None),
        Owner::Agency { diameter } => ("agency", None, Some(diameter)),
    };
    match owner {
        Owner::Person(account) => {
            act.run(
                sql!(
                    "UPDATE signature_image SET removed_at = $2 WHERE account_id = $1 AND owner = 'person' \
                     AND removed_at IS NULL"
                ),
                args![account, now],
            )
            .await?
        }
        Owner::Agency { .. } => {
            act.run(
                sql!(
                    "UPDATE signature_image SET removed_at = $2 WHERE agency_id = $1 AND owner = 'agency' \
                     AND removed_at IS NULL"
                ),
                args![agency, now],
            )
            .await?
        }
    };
    let sha256 = Sha256::digest(&image.png);
    let printed = hex::encode(sha256);
    act.run(
        sql!(
            "INSERT INTO signature_image (id, owner, account_id, agency_id, png, sha256, width, height, diameter, added_at, \
             added_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        args![
            id,
            kind,
            account,
            agency,
            image.png,
            sha256.as_slice(),
            image.width,
            image.height,
            diameter,
            now,
            by,
        ],
    )
    .await?;
    act.journal(Entry {
        act: act_names::IMAGE_SET,
        object_kind: "image",
        object: id,
        agency: Some(agency),
        summary: match owner {
            Owner::Person(_) => format!("Đặt hình ảnh chữ ký của {name}."),
            Owner::Agency { diameter } => format!(
                "Đặt hình ảnh con dấu của {name}, đường kính {} mm.",
                millimetres(diameter)
            ),
        },
        details: json!({ "sha256": printed, "width": image.width, "height": image.height }),
    })
    .await?;
    Ok(id)
}

/// `36` or `36,5`.
pub fn millimetres(tenths: u32) -> String {
    if tenths.is_multiple_of(10) {
        (tenths / 10).to_string()
    } else {
        format!("{},{}", tenths / 10, tenths % 10)
    }
}

/// Removes an image: signatures of its owner are then drawn without one.
///
/// # Errors
/// [`AppError::NotFound`] for one that is not this administrator's or not in force.
pub async fn remove(app: &App, who: &Who, command: CommandId, id: Uuid) -> AppResult<AgencyId> {
    administration::must_administer(who)?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(agency) => return Ok(agency),
        Begun::Now(act) => act,
    };
    let now = act.now();
    let row = act
        .opt(
            sql!(
                "UPDATE signature_image SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL RETURNING agency_id, owner"
            ),
            args![id, now],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let agency: AgencyId = row.get("agency_id")?;
    if !administration::manages(who, agency) {
        return Err(AppError::NotFound);
    }
    act.journal(Entry {
        act: act_names::IMAGE_REMOVE,
        object_kind: "image",
        object: id,
        agency: Some(agency),
        summary: if row.get::<String>("owner")? == "agency" {
            "Bỏ hình ảnh con dấu của cơ quan.".to_owned()
        } else {
            "Bỏ hình ảnh chữ ký của cán bộ.".to_owned()
        },
        details: json!({}),
    })
    .await?;
    app.commit(act, &agency).await?;
    Ok(agency)
}
