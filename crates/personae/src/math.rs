use std::ops::{Add, AddAssign, Mul, Sub};

/// A vector of three: positions in decimetres, directions, or linear colours.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct V3 {
    pub x: f32,
    pub y: f32,
    pub z: f32,
}

#[inline(always)]
pub const fn v3(x: f32, y: f32, z: f32) -> V3 {
    V3 { x, y, z }
}

impl V3 {
    pub fn dot(self, o: V3) -> f32 {
        self.x * o.x + self.y * o.y + self.z * o.z
    }
    pub fn cross(self, o: V3) -> V3 {
        v3(self.y * o.z - self.z * o.y, self.z * o.x - self.x * o.z, self.x * o.y - self.y * o.x)
    }
    pub fn length(self) -> f32 {
        self.dot(self).sqrt()
    }
    pub fn unit(self) -> V3 {
        let l = self.length();
        if l > 1e-12 { self * (1.0 / l) } else { v3(0.0, 0.0, 1.0) }
    }
    pub fn times(self, o: V3) -> V3 {
        v3(self.x * o.x, self.y * o.y, self.z * o.z)
    }
    pub fn mix(self, o: V3, t: f32) -> V3 {
        self + (o - self) * t
    }
    pub fn map(self, f: impl Fn(f32) -> f32) -> V3 {
        v3(f(self.x), f(self.y), f(self.z))
    }
}

impl Add for V3 {
    type Output = V3;
    fn add(self, o: V3) -> V3 {
        v3(self.x + o.x, self.y + o.y, self.z + o.z)
    }
}
impl AddAssign for V3 {
    fn add_assign(&mut self, o: V3) {
        *self = *self + o;
    }
}
impl Sub for V3 {
    type Output = V3;
    fn sub(self, o: V3) -> V3 {
        v3(self.x - o.x, self.y - o.y, self.z - o.z)
    }
}
impl Mul<f32> for V3 {
    type Output = V3;
    #[inline(always)]
    fn mul(self, s: f32) -> V3 {
        v3(self.x * s, self.y * s, self.z * s)
    }
}

#[inline(always)]
pub fn lerp(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

pub fn smooth(low: f32, high: f32, x: f32) -> f32 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Value at `x` of the polyline through `points`, whose first members rise.
pub fn polyline(points: &[(f32, f32)], x: f32) -> f32 {
    let after = points.partition_point(|p| p.0 <= x);
    match after {
        0 => points[0].1,
        n if n == points.len() => points[n - 1].1,
        n => {
            let (a, b) = (points[n - 1], points[n]);
            lerp(a.1, b.1, (x - a.0) / (b.0 - a.0))
        }
    }
}

/// Rotation about y (yaw), then x (pitch), then z (roll), in radians.
pub fn rotate(p: V3, yaw: f32, pitch: f32, roll: f32) -> V3 {
    let (s, c) = yaw.sin_cos();
    let p = v3(c * p.x + s * p.z, p.y, c * p.z - s * p.x);
    let (s, c) = pitch.sin_cos();
    let p = v3(p.x, c * p.y - s * p.z, c * p.z + s * p.y);
    let (s, c) = roll.sin_cos();
    v3(c * p.x - s * p.y, s * p.x + c * p.y, p.z)
}
