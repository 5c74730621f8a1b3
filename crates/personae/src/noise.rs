use crate::math::{V3, lerp, v3};

/// Integer hash of a lattice point, uniform in 0..1.
pub fn hash(x: i32, y: i32, z: i32, seed: u32) -> f32 {
    let mut h = (x as u32).wrapping_mul(0x8DA6_B343)
        ^ (y as u32).wrapping_mul(0xD816_3841)
        ^ (z as u32).wrapping_mul(0xCB1A_B31F)
        ^ seed.wrapping_mul(0x9E37_79B1);
    h ^= h >> 16;
    h = h.wrapping_mul(0x7FEB_352D);
    h ^= h >> 15;
    h = h.wrapping_mul(0x846C_A68B);
    h ^= h >> 16;
    (h >> 8) as f32 / (1u32 << 24) as f32
}

/// Value noise in -1..1.
pub fn value(p: V3, seed: u32) -> f32 {
    let (fx, fy, fz) = (p.x.floor(), p.y.floor(), p.z.floor());
    let (ix, iy, iz) = (fx as i32, fy as i32, fz as i32);
    let fade = |t: f32| t * t * (3.0 - 2.0 * t);
    let (u, v, w) = (fade(p.x - fx), fade(p.y - fy), fade(p.z - fz));
    let h = |dx, dy, dz| hash(ix + dx, iy + dy, iz + dz, seed);
    let x0 = lerp(lerp(h(0, 0, 0), h(1, 0, 0), u), lerp(h(0, 1, 0), h(1, 1, 0), u), v);
    let x1 = lerp(lerp(h(0, 0, 1), h(1, 0, 1), u), lerp(h(0, 1, 1), h(1, 1, 1), u), v);
    lerp(x0, x1, w) * 2.0 - 1.0
}

/// Two octaves more than [`value`], in about -1..1.
pub fn fractal(p: V3, seed: u32) -> f32 {
    0.57 * value(p, seed) + 0.29 * value(p * 2.03, seed + 1) + 0.14 * value(p * 4.1, seed + 2)
}

/// Distance to and hash of the nearest of randomly scattered points, one a cell of size 1.
pub fn cells(p: V3, seed: u32) -> (f32, f32) {
    let (ix, iy, iz) = (p.x.floor() as i32, p.y.floor() as i32, p.z.floor() as i32);
    let mut best = (9.0f32, 0.0f32);
    for dz in -1..=1 {
        for dy in -1..=1 {
            for dx in -1..=1 {
                let (x, y, z) = (ix + dx, iy + dy, iz + dz);
                let at = v3(
                    x as f32 + hash(x, y, z, seed),
                    y as f32 + hash(x, y, z, seed ^ 0x55),
                    z as f32 + hash(x, y, z, seed ^ 0xAA),
                );
                let d = (p - at).length();
                if d < best.0 {
                    best = (d, hash(x, y, z, seed ^ 0xFF));
                }
            }
        }
    }
    best
}
