//! The client of the axis' own protocol, against a server that says what a test wants.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::{Arc, Mutex};

use axis::client::{
    Advice, AxisError, AxisTransport, BytesSource, MessageKind, PacketStatus, SendRequest, SentQuery,
    VxpClient, VxpConfig, Window,
};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use outbound::Secret;

type Said = Arc<Mutex<(StatusCode, String)>>;

/// A client, and what its axis answers to everything.
async fn axis_that_says() -> (VxpClient, impl Fn(u16, &str)) {
    let said = Said::default();
    let router = Router::new()
        .fallback(async |State(said): State<Said>| said.lock().unwrap().clone().into_response())
        .with_state(said.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let mut config = VxpConfig::new(format!("http://{host}"), "SYS", Secret::new("bi-mat"));
    config.plain_http_hosts = vec![host];
    let clock = Arc::new(|| "2026-01-05T01:00:00Z".parse().unwrap());
    let say = move |status: u16, text: &str| {
        *said.lock().unwrap() = (StatusCode::from_u16(status).unwrap(), text.to_owned());
    };
    (VxpClient::new(config, clock).unwrap(), say)
}

const KIND: MessageKind = MessageKind::Document;

#[tokio::test]
async fn edxml_12_4_a_waiting_row_that_is_none_keeps_nobody_else_waiting() {
    let (client, say) = axis_that_says().await;
    let list = |rows: &str| {
        say(
            200,
            &format!(r#"{{"status":"OK","ErrorCode":"0","data":[{rows}]}}"#),
        );
    };
    let odd = r#"{"messageType":"edoc","from":"G99"}"#;
    let good = r#"{"docId":"5b","messageType":"edoc","from":"G99"}"#;
    list(&format!("{odd},{good}"));
    let rows = client.list_received(KIND, Window::default()).await.unwrap();
    assert_eq!(rows.len(), 1);
    list("");
    assert!(
        client
            .list_received(KIND, Window::default())
            .await
            .unwrap()
            .is_empty()
    );
    // Rows of another form than we know are no empty list.
    list(odd);
    let error = client.list_received(KIND, Window::default()).await.unwrap_err();
    assert!(matches!(error, AxisError::BadAnswer { .. }), "{error:?}");
    let listed = client.list_agencies().await.unwrap().all(10).await;
    assert!(matches!(listed, Err(AxisError::BadAnswer { .. })), "{listed:?}");
}

/// A row without an id could be the packet that is looked for: without it, it would be sent twice.
#[tokio::test]
async fn edxml_12_6_a_list_of_sent_packets_is_whole_or_none() {
    let (client, say) = axis_that_says().await;
    say(
        200,
        r#"{"status":"OK","data":[{"senderDocId":"5b"},{"notation":"1/SVD-VP"}]}"#,
    );
    let error = client.list_sent(KIND, &SentQuery::default()).await.unwrap_err();
    assert_eq!(error.advice(), Advice::Retry, "{error:?}");
}

#[tokio::test]
async fn edxml_12_4_what_is_said_about_one_packet_or_agency_does_not_stop_the_connection() {
    let (client, say) = axis_that_says().await;
    let packet = BytesSource(b"<edXML/>".to_vec());
    let to = ["G99".to_owned()];
    let request = || SendRequest {
        source: &packet,
        from: "H16.07",
        to: &to,
        kind: KIND,
    };
    let fetched = async || {
        let mut bytes = Vec::new();
        client
            .get_packet("5b", &mut bytes, 1000)
            .await
            .unwrap_err()
            .advice()
    };
    let told = async || {
        client
            .update_status("5b", PacketStatus::Done, None)
            .await
            .unwrap_err()
            .advice()
    };
    let listed = async || {
        client
            .list_received(KIND, Window::default())
            .await
            .unwrap_err()
            .advice()
    };
    let sent = async || client.send(request()).await.unwrap_err().advice();

    say(
        200,
        r#"{"status":"FAIL","ErrorCode":"19","ErrorDesc":"chưa đăng ký"}"#,
    );
    assert_eq!(sent().await, Advice::GiveUp);
    assert_eq!((fetched().await, told().await), (Advice::Retry, Advice::Retry));
    assert_eq!(listed().await, Advice::FixSettings);
    for status in [403, 404] {
        say(status, "");
        assert_eq!((fetched().await, told().await), (Advice::Retry, Advice::Retry));
        assert_eq!(
            (sent().await, listed().await),
            (Advice::FixSettings, Advice::FixSettings)
        );
    }
    for (status, text) in [(401, ""), (200, r#"{"status":"FAIL","ErrorCode":"15"}"#)] {
        say(status, text);
        for advice in [sent().await, fetched().await, told().await, listed().await] {
            assert_eq!(advice, Advice::FixSettings, "{status} {text}");
        }
    }
}
