//! Where a photograph comes from, in the real window: what its file says is told, and what it declares against itself refuses it.

use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, RgbImage};
use whole_product::detective::{self, CASE_NUMBER};
use whole_product::people::Renderer;
use whole_product::process::programs;
use whole_product::station::Station;
use whole_product::window::Window;
use xtask::demo::FIRST_SEED;

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(picture).unwrap();
    bytes.into_inner()
}

fn segment(photo: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    [&photo[..2], &[0xFF, marker], &(body.len() as u16 + 2).to_be_bytes(), body, &photo[2..]].concat()
}

/// A JPEG whose Exif has `thumbnail`.
fn with_thumbnail(photo: &[u8], thumbnail: &[u8]) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x01\0\0\0\x1a\0\0\0".to_vec();
    tiff.extend(b"\x03\0\x03\x01\x03\0\x01\0\0\0\x06\0\0\0\x01\x02\x04\0\x01\0\0\0\x44\0\0\0\x02\x02\x04\0\x01\0\0\0");
    tiff.extend((thumbnail.len() as u32).to_le_bytes());
    tiff.extend([0; 4]);
    tiff.extend(thumbnail);
    segment(photo, 0xE1, &[b"Exif\0\0", &tiff[..]].concat())
}

/// Signs a copy, where what signs is built (`make credentials`).
fn signed(photo: &Path, to: &Path, source: &str) -> bool {
    let programs = programs().unwrap();
    let signer = programs.join("examples/sign");
    if !signer.exists() || !programs.join("credentials").exists() {
        println!("skipped: `make credentials` builds what signs and what reads signatures");
        return false;
    }
    let anchor = to.with_extension("pem");
    Command::new(signer).args([photo, to, &anchor]).arg(source).status().unwrap().success()
}

#[tokio::test]
async fn what_a_file_says_of_itself_is_told_and_what_it_declares_against_itself_refuses_it() {
    let station = Station::start().unwrap();
    let renderer = Renderer::new().unwrap();
    let home = station.home().to_owned();
    let [person, other] = [57, 58].map(|at| renderer.picture(FIRST_SEED + at, 1, 640));
    let plain = jpeg(&person);
    let thumbnail = jpeg(&DynamicImage::from(other).thumbnail(160, 160).into_rgb8());
    let xmp = br#"http://ns.adobe.com/xap/1.0/ <x:xmpmeta><rdf:Description Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/></x:xmpmeta>"#;
    let files = [
        ("plain.jpg", plain.clone()),
        ("swapped.jpg", with_thumbnail(&plain, &thumbnail)),
        ("generated.jpg", segment(&plain, 0xE1, xmp)),
    ];
    for (name, bytes) in &files {
        std::fs::write(home.join(name), bytes).unwrap();
    }
    let mut offered: Vec<_> = files.iter().map(|(name, _)| home.join(name)).collect();
    let built = signed(&offered[0], &home.join("signed.jpg"), "digitalCapture")
        && signed(&offered[0], &home.join("composite.jpg"), "compositeCapture");
    if built {
        offered.extend(["signed.jpg", "composite.jpg"].map(|name| home.join(name)));
    }
    let w = Window::open(&station, &offered.iter().map(|path| path.as_path()).collect::<Vec<_>>()).await.unwrap();
    detective::name_yourself(&w).await.unwrap();
    detective::new_case(&w).await.unwrap();
    detective::state_purpose(&w, CASE_NUMBER).await.unwrap();

    assert!(detective::bring(&w, "plain.jpg").await.unwrap().is_ok());
    assert!(!w.has("[data-test=file-says]").await.unwrap(), "nothing follows from what a file does not say");
    assert_eq!(detective::bring(&w, "generated.jpg").await.unwrap(), Err("gaps".to_owned()));
    w.wait_text("[data-test=error]", "declares that a program generated it").await.unwrap();
    assert!(w.text("[data-test=file-facts]").await.unwrap().contains("plain.jpg"), "the probe before stands");
    assert!(detective::bring(&w, "swapped.jpg").await.unwrap().is_ok());
    w.wait_text("[data-test=file-says]", "thumbnail shows a different picture").await.unwrap();
    assert!(w.violations().await.unwrap().is_empty(), "{:#?}", w.violations().await.unwrap());
    // A further photograph passes the same gate.
    w.click("[data-offer-further='generated.jpg']").await.unwrap();
    w.wait_text("[data-test=error]", "declares that a program generated it").await.unwrap();
    assert_eq!(w.count("[data-further]").await.unwrap(), 0);
    if built {
        assert_eq!(detective::bring(&w, "composite.jpg").await.unwrap(), Err("gaps".to_owned()));
        w.wait_text("[data-test=error]", "put together from several pictures").await.unwrap();
        assert!(detective::bring(&w, "signed.jpg").await.unwrap().is_ok());
        let told = w.wait_text("[data-test=file-says]", "Field Camera 2.1").await.unwrap();
        assert!(told.contains("not verified") && told.contains("cropped"), "{told}");
    }
}
