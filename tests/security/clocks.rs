//! Clocks that are wrong. The times in the store are shifted instead: for a server, that is the
//! same.

use voordeur_store::fixtures::{DATABASE_FILE, execute, number};
use voordeur_testkit::{Server, temp_dir};

use crate::fixture::guest;
use crate::raw_http::RawRequest;
use crate::report::{Row, row};

const GUESTS: i64 = 50;
const KEPT: &str = "inactive guests are kept until";

pub async fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (sent, days) in [
        ("a restart with the clock 91 days ahead", -91),
        ("a restart with the clock ten years ahead", -3_650),
        ("a restart with the clock in the past", 20_000),
    ] {
        let folder = temp_dir();
        let data = folder.path().join("data");
        let start = async || {
            let server =
                Server::builder(voordeur_testkit::server_binary(env!("CARGO_BIN_EXE_voordeur")));
            let server = server.args(["--sources", "samples"]).data(&data);
            server.start().await.expect("the server starts")
        };
        let mut server = start().await;
        let first = guest(&server).await;
        for _ in 1..GUESTS {
            guest(&server).await;
        }
        server.stop().await.expect("the server stops");
        let seconds = days * 86_400;
        let shift_guests = format!(
            "update citizen set seen_at = seen_at + {seconds}, created_at = created_at + {seconds}"
        );
        let observed = format!(
            "insert or ignore into observed_day
             with recursive n(i) as (select 0 union all select i + 1 from n where i < 120)
             select max(0, unixepoch() / 86400 + {days} - i) from n"
        );
        execute(&data.join(DATABASE_FILE), &["delete from observed_day", &shift_guests, &observed])
            .await
            .expect("is shifted");

        let server = start().await;
        server.wait_for_log(KEPT).await;
        let board = first.with_cookie(RawRequest::get("/")).send(server.address).await;
        assert_eq!(board.status, 200, "{sent}");
        // Another visit: the newest one is recent now.
        guest(&server).await;
        let left = number(&data, "select count(*) from citizen").await.expect("is read");
        assert_eq!(left, GUESTS + 1, "{sent}");
        assert_eq!(server.log_count(KEPT), 1, "{sent}: said once");
        assert_eq!(server.log_count("guests deleted"), 0, "{sent}");
        rows.push(row(
            sent,
            "nobody is deleted",
            "one line in the log; a guest goes after ninety days on which the server ran, and none \
             in the first six hours",
        ));
    }
    rows
}
