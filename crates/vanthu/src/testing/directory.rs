//! Organisations outside, and a connection to reach them.

use rules::{identifiers::OrganCode, ids::AgencyId};
use store::{args, sql};
use uuid::Uuid;

use super::Office;

impl Office {
    /// Puts an organisation into the directory under its code and its older ones.
    pub async fn organisation(&self, name: &str, codes: &[&str]) -> Uuid {
        let id = self.app.ids.next();
        let mut tx = self.app.db.begin().await.unwrap();
        tx.run(
            sql!(
                "INSERT INTO directory_entry (id, code, name, folded_name, source, valid_from, updated_at) \
                 VALUES ($1, $2, $3, $4, 'manual', '2020-09-15', 0)"
            ),
            args![id, codes[0], name, viet_text::fold(name)],
        )
        .await
        .unwrap();
        for code in codes {
            let code = OrganCode::read(code).unwrap();
            tx.run(
                sql!("INSERT INTO directory_code (code, entry_id, form, valid_from) VALUES ($1, $2, $3, '2020-09-15')"),
                args![code.key(), id, code.form().as_str()],
            )
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
        id
    }

    /// Closes an organisation of the directory, with who answers for it from then on.
    pub async fn close_organisation(&self, id: Uuid, successor: Option<Uuid>) {
        let mut tx = self.app.db.begin().await.unwrap();
        tx.run(
            sql!("UPDATE directory_entry SET valid_to = '2025-06-30', successor_id = $2 WHERE id = $1"),
            args![id, successor],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }

    /// Gives an agency a connection with an axis that nobody answers at.
    pub async fn connect(&self, agency: AgencyId, code: &str) {
        let connection = self.app.ids.next();
        let mut tx = self.app.db.begin().await.unwrap();
        tx.run(
            sql!(
                "INSERT INTO axis_connection (id, name, kind, base_url, system_id, secret, options, enabled, created_at, updated_at) \
                 VALUES ($1, 'test', 'vxp', 'http://127.0.0.1:9', 'test', $2, '{}', 0, 0, 0)"
            ),
            args![connection, vec![0_u8]],
        )
        .await
        .unwrap();
        tx.run(
            sql!("INSERT INTO axis_own_code (code, agency_id, connection_id, is_primary) VALUES ($1, $2, $3, 1)"),
            args![code, agency, connection],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }
}
