//! Certificates for servers of tests: made by `openssl`, and trusted by nobody yet.

use std::path::Path;
use std::process::Command;

/// Makes two certificate authorities, `ca.pem` and `other.pem`, and with the first one `server.pem` and `server.key` for
/// 127.0.0.1.
pub(crate) fn issue(dir: &Path) {
    let openssl = |arguments: &str| {
        let output = Command::new("openssl").args(arguments.split(' ')).current_dir(dir).output();
        let output = output.expect("openssl is installed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    for name in ["ca", "other"] {
        openssl(&format!(
            "req -x509 {key} -days 30 -subj /CN=Test-{name} -keyout {name}.key -out {name}.pem"
        ));
    }
    openssl(&format!("req {key} -subj /CN=server -keyout server.key -out server.csr"));
    std::fs::write(dir.join("extensions"), "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
        .unwrap();
    openssl(
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile extensions -out server.pem",
    );
}
