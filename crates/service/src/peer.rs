//! Who is at the other end of a connection.

use std::net::{IpAddr, SocketAddr};

use axum::serve::Listener;

/// Who is at the other end.
#[derive(Debug, Clone)]
pub struct Peer {
    /// Address.
    pub address: SocketAddr,
    /// SHA-256 of the client's certificate, in hexadecimal.
    pub certificate: Option<String>,
}

/// What an address is counted as: an IPv6 network of 64 bits is one subscriber.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            if six.is_loopback() { six.into() } else { std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into() }
        }
        four => four,
    }
}

/// What a listener says of the other end.
pub trait Peered: Listener {
    /// Who it is.
    fn peer(address: Self::Addr) -> Peer;
}

impl Peered for tokio::net::TcpListener {
    fn peer(address: SocketAddr) -> Peer {
        Peer { address, certificate: None }
    }
}
