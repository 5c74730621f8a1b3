//! scratch
#![allow(clippy::unwrap_used)]
fn main(){
  let assets = personae::Assets::load(&personae::Assets::locate()).unwrap();
  let engine = faces::Engine::load(&faces::Manifest::locate().unwrap(), None).unwrap();
  let (from,to):(u64,u64)={let a:Vec<String>=std::env::args().collect(); (a[1].parse().unwrap(),a[2].parse().unwrap())};
  for seed in from..to { let id=personae::Identity::new(&assets, seed);
    for yaw in (-45..=45).step_by(15) { for pitch in (-30..=30).step_by(15) {
      let mut v=personae::View::new(seed, 0); v.yaw=(yaw as f32).to_radians(); v.pitch=(pitch as f32).to_radians(); v.roll=0.0;
      let im=personae::render(&assets,&id,&v,288); im.save(format!("/tmp/posepics/{seed}_{yaw}_{pitch}.png")).unwrap(); let p=faces::Photo::from(im);
      let found=engine.detect(&p).unwrap();
      let Some(f)=found.first() else { println!("{seed} {yaw} {pitch} miss"); continue };
      println!("{seed} {yaw} {pitch} {} {}", f.bounds.map(|v|format!("{v:.2}")).join(" "), f.landmarks.iter().flatten().map(|v|format!("{v:.2}")).collect::<Vec<_>>().join(" "));
    }}
  }
}
