use std::time::Instant;
use tract_onnx::prelude::*;
fn main(){
  for (file,h,w) in [("models/face_detection_yunet_2023mar.onnx",640usize,640usize),("models/fr_feature.onnx",112,112)] {
    let bytes=std::fs::read(file).unwrap();
    let proto=onnx().proto_model_for_read(&mut &bytes[..]).unwrap();
    let net=convnet::Network::new(proto.graph.as_ref().unwrap()).unwrap();
    let mut seed=1u32; 
    let input:Vec<f32>=(0..h*w*3).map(|_|{seed=seed.wrapping_mul(1664525).wrapping_add(1013904223); if h==640 {(seed>>24) as f32} else {(seed>>24) as f32/128.0-1.0}}).collect();
    let mut nchw=vec![0f32;3*h*w]; for p in 0..h*w {for c in 0..3 {nchw[c*h*w+p]=input[p*3+c];}}
    let m=onnx().model_for_proto_model(&proto).unwrap().with_input_fact(0,f32::fact([1,3,h,w]).into()).unwrap().into_optimized().unwrap().into_runnable().unwrap();
    let t=tract_ndarray::Array4::from_shape_vec((1,3,h,w),nchw).unwrap();
    let want=m.run(tvec!(Tensor::from(t).into_tvalue())).unwrap();
    let got=net.run(&input,h,w).unwrap();
    for (a,b) in got.iter().zip(&want) { let b=b.try_as_plain_ram().unwrap(); let b=b.as_slice::<f32>().unwrap(); assert_eq!(a.values.len(),b.len());
      let worst=a.values.iter().zip(b).map(|(x,y)|(x-y).abs()).fold(0.0f32,f32::max); let big=b.iter().map(|v|v.abs()).fold(0.0f32,f32::max); println!("{} {}x{} worst {worst:e} of {big}", a.channels,a.height,a.width);}
    let mut ts=vec![]; for _ in 0..60 { let t0=Instant::now(); let _=net.run(&input,h,w).unwrap(); ts.push(t0.elapsed().as_secs_f64()*1e3);} ts.sort_by(f64::total_cmp);
    println!("{net:?} {file}: median {:.2} ms min {:.2} {} M mult", ts[30], ts[0], net.multiplications(h,w)/1000000);
  }
}
