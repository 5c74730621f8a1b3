//! Bad files and bad galleries in the real window: a clear message, nothing typed is lost.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use image::RgbImage;
use image::imageops::{FilterType, overlay, resize};
use whole_product::detective::{self, CASE_NUMBER};
use whole_product::people::Renderer;
use whole_product::proxy::Recorder;
use whole_product::service::Service;
use whole_product::station::Station;
use whole_product::window::Window;
use xtask::demo::FIRST_SEED;

const PEOPLE: u64 = 200;

/// Faces of `side` pixels pasted in rows on a wall.
fn crowd(renderer: &Renderer, count: u32, side: u32, size: (u32, u32)) -> RgbImage {
    let mut wall = RgbImage::from_pixel(size.0, size.1, image::Rgb([150, 158, 165]));
    let columns = size.0 / (side + 8);
    for n in 0..count {
        let face = resize(&renderer.picture(FIRST_SEED + u64::from(n), 0, 256), side, side, FilterType::Triangle);
        let (x, y) = (n % columns * (side + 8) + 4, n / columns * (side + 8) + 4);
        overlay(&mut wall, &face, i64::from(x), i64::from(y));
    }
    wall
}

struct Files {
    folder: PathBuf,
    all: Vec<PathBuf>,
}

impl Files {
    fn put(&mut self, name: &str, bytes: &[u8]) {
        let path = self.folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        self.all.push(path);
    }

    fn picture(&mut self, name: &str, picture: &RgbImage) {
        let path = self.folder.join(name);
        picture.save(&path).unwrap();
        self.all.push(path);
    }
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

fn bad_files(folder: &Path) -> Vec<PathBuf> {
    let renderer = Renderer::new().unwrap();
    let person = renderer.picture(FIRST_SEED + 3, 1, 512);
    let whole = jpeg(&person);
    let mut files = Files { folder: folder.to_owned(), all: Vec::new() };
    files.put("letter.jpg", b"Dear detective, this is no photograph at all.");
    files.put("cut.jpg", &whole[..whole.len() / 3]);
    files.put("clip.jpg", b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41\0\0\0\x08free");
    files.picture("vast.png", &RgbImage::new(10_000, 10_000));
    files.picture("wall.png", &RgbImage::from_pixel(640, 480, image::Rgb([150, 158, 165])));
    files.picture("small.png", &crowd(&renderer, 1, 30, (640, 480)));
    files.picture("crowd.png", &crowd(&renderer, 30, 180, (1200, 1000)));
    files.put("gone.jpg", &whole);
    files.put("good.jpg", &whole);
    files.all
}

#[tokio::test]
async fn a_bad_file_is_named_for_what_it_is_and_nothing_typed_is_lost() {
    let station = Station::start().unwrap();
    let files = bad_files(station.home());
    let offered: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let w = Window::open(&station, &offered).await.unwrap();
    std::fs::remove_file(station.home().join("gone.jpg")).unwrap();
    detective::name_yourself(&w).await.unwrap();
    detective::new_case(&w).await.unwrap();
    detective::state_purpose(&w, CASE_NUMBER).await.unwrap();
    detective::state_origin(&w).await.unwrap();

    for (name, code, says) in [
        ("letter.jpg", "not-an-image", "not a photograph"),
        ("cut.jpg", "damaged", "damaged or cut short"),
        ("clip.jpg", "video", "only still photographs"),
        ("vast.png", "too-large", "megapixels"),
        ("gone.jpg", "unreadable", "cannot be read"),
    ] {
        assert_eq!(detective::bring(&w, name).await.unwrap(), Err(code.to_owned()), "{name}");
        let message = w.text("[data-test=error]").await.unwrap();
        assert!(message.contains(says), "{name}: {message}");
        assert_eq!(w.value("input[name=legal_basis]").await.unwrap(), "Consent of the owner", "after {name}");
        assert!(!w.has("[data-test=file-facts]").await.unwrap(), "{name} was taken in");
    }
    w.click("[data-test=dismiss]").await.unwrap();

    // No face: taken in, shown, and the gate says what would help.
    assert_eq!(detective::bring(&w, "wall.png").await.unwrap(), Ok("No face found".to_owned()));
    w.click("[data-test=confirm-probe]").await.unwrap();
    assert!(w.wait("[data-test=error]").await.unwrap().text().await.unwrap().contains("No face was found"));

    // A face of fifteen pixels: below the floor, so no search.
    let found = detective::bring(&w, "small.png").await.unwrap().unwrap();
    w.click("[data-test=confirm-probe]").await.unwrap();
    w.wait("[data-test=error][data-code=gaps]").await.unwrap();
    let gaps = detective::gaps(&w).await.unwrap();
    assert!(gaps.iter().any(|g| g == "probe.face" || g == "probe.file"), "{found}: {gaps:?}");

    // Thirty faces: none is picked for the examiner.
    assert_eq!(detective::bring(&w, "crowd.png").await.unwrap(), Ok("30 faces found".to_owned()));
    w.click("[data-test=confirm-probe]").await.unwrap();
    w.wait("[data-test=error][data-code=gaps]").await.unwrap();
    assert!(detective::gaps(&w).await.unwrap().contains(&"probe.face".to_owned()));
    w.click("[data-test=pick-face]").await.unwrap();
    w.wait("[data-test=pick-face][aria-pressed=true]").await.unwrap();

    assert_eq!(detective::bring(&w, "good.jpg").await.unwrap(), Ok("One face found".to_owned()));
    assert_eq!(w.value("input[name=legal_basis]").await.unwrap(), "Consent of the owner");
    detective::confirm_probe(&w).await.unwrap();
    w.kill();
}

/// Answers every request with something that is no gallery: cannot be provoked from a real one.
fn babble() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0u8; 4096];
            drop(stream.read(&mut request));
            let body = "<html>Welcome to the printer</html>";
            drop(write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            ));
        }
    });
    format!("http://{address}")
}

async fn search_at(w: &Window, gallery: &str, token: &str) -> Result<usize, String> {
    drop(detective::set_gallery(w, gallery, token).await.unwrap());
    detective::open_case(w, CASE_NUMBER).await.unwrap();
    detective::search(w).await.unwrap()
}

#[tokio::test]
async fn a_bad_gallery_is_named_and_the_case_waits() {
    let (mut service, _) = Service::with_people(PEOPLE).unwrap();
    let station = Station::start().unwrap();
    let renderer = Renderer::new().unwrap();
    let probe = renderer.write(&renderer.picture(FIRST_SEED + 3, 1, 512), station.home(), "camera-3.jpg").unwrap();
    let w = Window::open(&station, &[&probe]).await.unwrap();
    let token = service.token().unwrap();
    detective::name_yourself(&w).await.unwrap();
    detective::case_with_probe(&w, "camera-3.jpg").await.unwrap();
    assert_eq!(detective::search(&w).await.unwrap(), Err("gallery-address".to_owned()), "no gallery is set");

    assert_eq!(
        detective::set_gallery(&w, "http://gallery.example.gov", "t").await.unwrap(),
        Err("gallery-address".to_owned())
    );
    let message = w.text("[data-test=error]").await.unwrap();
    assert!(message.contains("use https"), "{message}");
    assert_eq!(w.value("input[name=gallery]").await.unwrap(), "http://gallery.example.gov", "what was typed stands");

    assert_eq!(search_at(&w, &service.url(), "cgt_wrong").await, Err("gallery-token".to_owned()));
    assert_eq!(search_at(&w, &babble(), "t").await, Err("gallery-garbage".to_owned()));

    // Slow: progress with a way out, and in the end the answer.
    let slow = Recorder::slow(service.address(), Duration::from_secs(10)).unwrap();
    assert!(detective::set_gallery(&w, &slow.url(), &token).await.unwrap().is_ok(), "ten seconds are waited for");
    detective::open_case(&w, CASE_NUMBER).await.unwrap();
    w.click("[data-step=search]").await.unwrap();
    w.click("[data-test=search]").await.unwrap();
    w.click("[data-test=cancel]").await.unwrap();
    w.idle().await.unwrap();
    assert!(!w.has("[data-test=error], [data-test=position]").await.unwrap(), "cancelled, and nothing else happened");

    service.stop();
    assert_eq!(search_at(&w, &service.url(), &token).await, Err("gallery-unreachable".to_owned()));
    let message = w.text("[data-test=error]").await.unwrap();
    assert!(message.contains("What you typed is kept"), "{message}");

    service.moved_to("mobilefacenet-512").unwrap();
    service.start_again().unwrap();
    assert_eq!(search_at(&w, &service.url(), &token).await, Err("model-mismatch".to_owned()));
    service.stop();
    service.moved_to("sface-2021dec").unwrap();
    service.start_again().unwrap();
    assert_eq!(search_at(&w, &service.url(), &token).await, Ok(20), "the case waited");
    w.kill();
}

#[tokio::test]
async fn training_searches_the_training_gallery_and_nothing_else_does() {
    let (training, _) = Service::for_training(PEOPLE).unwrap();
    let station = Station::start().unwrap();
    let renderer = Renderer::new().unwrap();
    let probe = renderer.write(&renderer.picture(FIRST_SEED + 3, 1, 512), station.home(), "camera-3.jpg").unwrap();
    let w = Window::open(&station, &[&probe]).await.unwrap();
    detective::name_yourself(&w).await.unwrap();
    detective::set_gallery(&w, &training.url(), &training.token().unwrap()).await.unwrap().unwrap();
    detective::case_with_probe(&w, "camera-3.jpg").await.unwrap();
    assert_eq!(detective::search(&w).await.unwrap(), Err("purpose-not-here".to_owned()));
    w.click("[data-step=purpose]").await.unwrap();
    w.click("[data-place='purpose.purpose'] [data-choice=training]").await.unwrap();
    w.click("[data-test=confirm-purpose]").await.unwrap();
    w.wait("[data-test=confirm-probe]").await.unwrap();
    detective::confirm_probe(&w).await.unwrap();
    assert_eq!(detective::search(&w).await.unwrap(), Ok(20));
    w.kill();
}

#[tokio::test]
async fn without_a_secret_service_the_window_says_how_to_start_one_and_writes_nothing() {
    let station = Station::without_secret_service().unwrap();
    let w = Window::open(&station, &[]).await.unwrap();
    w.wait("[data-test=broken]").await.unwrap();
    let text = w.text("[data-test=broken]").await.unwrap();
    assert!(text.contains("gnome-keyring-daemon"), "{text}");
    w.kill();
    assert!(!station.vault().join("vault.db").exists(), "a vault without a key was written");
}
