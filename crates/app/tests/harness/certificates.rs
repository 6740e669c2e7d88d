//! An authority of certificates that nobody but a test believes.

use std::path::Path;
use std::process::Command;

/// Folder of the certificates, inside that of a server.
const FOLDER: &str = "tls";

/// Makes `tls/ca.pem`, and `tls/server.pem` with `tls/server.key` for this machine; gives the section of the configuration.
pub(crate) fn make_in(folder: &Path) -> &'static str {
    let folder = folder.join(FOLDER);
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let openssl = |arguments: &str| {
        let output = Command::new("openssl").args(arguments.split(' ')).current_dir(&folder).output();
        let output = output.expect("openssl is installed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    openssl(&format!("req -x509 {key} -days 30 -subj /CN=Test-CA -keyout ca.key -out ca.pem"));
    openssl(&format!("req {key} -subj /CN=localhost -keyout server.key -out server.csr"));
    let names = "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n";
    std::fs::write(folder.join("extensions"), names).expect("a file can be written");
    openssl(
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile extensions -out server.pem",
    );
    "[tls]\ncertificate = \"tls/server.pem\"\nkey = \"tls/server.key\"\n"
}

/// Where the certificate of the authority is.
pub(crate) fn authority_in(folder: &Path) -> std::path::PathBuf {
    folder.join(FOLDER).join("ca.pem")
}
