//! Requests that are refused before their body was read.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use service::connections::{Connections, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

async fn listening() -> std::io::Result<std::net::SocketAddr> {
    let app = Router::new()
        .route("/refused", post(|| async { StatusCode::FORBIDDEN }))
        .route("/fine", get(|| async { "fine" }));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(serve(listener, app, Connections::default(), std::future::pending()));
    Ok(address)
}

/// Whoever keeps their connection would otherwise send the next request into one that is being closed.
#[tokio::test(flavor = "multi_thread")]
async fn the_next_request_is_answered_too() -> anyhow::Result<()> {
    let address = listening().await?;
    let client = reqwest::Client::builder().no_proxy().build()?;
    for size in [300_000, 3_000_000] {
        for _ in 0..60 {
            let body = vec![7u8; size];
            let refused = client.post(format!("http://{address}/refused")).body(body).send().await?;
            assert_eq!(refused.status(), StatusCode::FORBIDDEN);
            assert_eq!(client.get(format!("http://{address}/fine")).send().await?.text().await?, "fine");
        }
    }
    Ok(())
}

/// A body that is never sent, and one without end, are not waited for: the refusal comes, and says that the connection ends.
#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_come_is_not_waited_for() -> anyhow::Result<()> {
    let address = listening().await?;
    let all =
        ["content-length: 4000000000", "content-length: 100", "transfer-encoding: chunked"].map(|head| async move {
            let mut stream = TcpStream::connect(address).await?;
            stream.write_all(format!("POST /refused HTTP/1.1\r\nhost: here\r\n{head}\r\n\r\n").as_bytes()).await?;
            let mut said = String::new();
            tokio::time::timeout(Duration::from_secs(8), stream.read_to_string(&mut said)).await??;
            assert!(said.starts_with("HTTP/1.1 403") && said.contains("connection: close"), "{head}: {said}");
            anyhow::Ok(())
        });
    let [endless, short, chunked] = all;
    tokio::try_join!(endless, short, chunked)?;
    Ok(())
}
