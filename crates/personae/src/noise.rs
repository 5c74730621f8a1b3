use std::sync::LazyLock;

use crate::math::{V3, lerp, v3};

/// Odd factors that carry the coordinates of a lattice point into its hash.
const FACTORS: [u32; 4] = [0x8DA6_B343, 0xD816_3841, 0xCB1A_B31F, 0x9E37_79B1];

/// Uniform in 0..1 (the finaliser is Wellons' `lowbias32`, shortened by one round).
#[inline(always)]
fn scatter(mut h: u32) -> f32 {
    h ^= h >> 16;
    h = h.wrapping_mul(0x7FEB_352D);
    h ^= h >> 15;
    h = h.wrapping_mul(0x846C_A68B);
    // Signed, because vectors convert nothing else; 24 bits are exact either way.
    (h >> 8) as i32 as f32 / (1u32 << 24) as f32
}

/// Integer hash of a lattice point, uniform in 0..1.
pub fn hash(x: i32, y: i32, z: i32, seed: u32) -> f32 {
    let [fx, fy, fz, fs] = FACTORS;
    let h = (x as u32).wrapping_mul(fx) ^ (y as u32).wrapping_mul(fy) ^ (z as u32).wrapping_mul(fz);
    scatter(h ^ seed.wrapping_mul(fs))
}

/// `floor` without the library call that the baseline processor needs for it.
#[inline(always)]
pub fn floor(x: f32) -> i32 {
    let whole = x as i32;
    whole - i32::from(whole as f32 > x)
}

/// Noise of one or three octaves, computed with the widest vectors that this processor has: the values are the same with any.
struct Noise<const OCTAVES: usize>(V3, u32);

impl<const OCTAVES: usize> pulp::NullaryFnOnce for Noise<OCTAVES> {
    type Output = f32;

    #[inline(always)]
    fn call(self) -> f32 {
        let Noise(p, seed) = self;
        match OCTAVES {
            1 => lattice(p, seed),
            _ => 0.57 * lattice(p, seed) + 0.29 * lattice(p * 2.03, seed + 1) + 0.14 * lattice(p * 4.1, seed + 2),
        }
    }
}

static ARCH: LazyLock<pulp::Arch> = LazyLock::new(pulp::Arch::new);

/// Value noise in -1..1.
pub fn value(p: V3, seed: u32) -> f32 {
    ARCH.dispatch(Noise::<1>(p, seed))
}

/// Two octaves more than [`value`], in about -1..1.
pub fn fractal(p: V3, seed: u32) -> f32 {
    ARCH.dispatch(Noise::<3>(p, seed))
}

/// Noise between the eight corners of a cell: each a hash, faded into the next.
#[inline(always)]
fn lattice(p: V3, seed: u32) -> f32 {
    let (ix, iy, iz) = (floor(p.x), floor(p.y), floor(p.z));
    let fade = |t: f32| t * t * (3.0 - 2.0 * t);
    let (u, v, w) = (fade(p.x - ix as f32), fade(p.y - iy as f32), fade(p.z - iz as f32));
    let [fx, fy, fz, fs] = FACTORS;
    let x0 = (ix as u32).wrapping_mul(fx);
    let y0 = (iy as u32).wrapping_mul(fy);
    let z0 = (iz as u32).wrapping_mul(fz) ^ seed.wrapping_mul(fs);
    let z1 = (iz as u32).wrapping_add(1).wrapping_mul(fz) ^ seed.wrapping_mul(fs);
    let (x1, y1) = (x0.wrapping_add(fx), y0.wrapping_add(fy));
    let (left, right) = ([y0 ^ z0, y1 ^ z0, y0 ^ z1, y1 ^ z1], [x0, x1]);
    let mut at = [0.0f32; 8];
    for (n, at) in at.iter_mut().enumerate() {
        *at = scatter(right[n / 4] ^ left[n % 4]);
    }
    // Along x, then y, then z.
    let x: [f32; 4] = std::array::from_fn(|n| lerp(at[n], at[n + 4], u));
    let [near, far] = [lerp(x[0], x[1], v), lerp(x[2], x[3], v)];
    lerp(near, far, w) * 2.0 - 1.0
}

/// Distance to and hash of the nearest of randomly scattered points, one a cell of size 1.
pub fn cells(p: V3, seed: u32) -> (f32, f32) {
    let (ix, iy, iz) = (floor(p.x), floor(p.y), floor(p.z));
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
