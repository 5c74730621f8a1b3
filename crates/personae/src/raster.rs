use crate::assets::{Assets, Material};
use crate::hair;
use crate::identity::{Body, Identity};
use crate::math::{V3, rotate, v3};
use crate::view::View;

/// What a pixel of the supersampled frame shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fragment {
    pub depth: f32,
    /// Index of the triangle, `u32::MAX` where the background shows.
    pub triangle: u32,
    pub b: f32,
    pub c: f32,
    /// Height of a hair layer over the skin, 0 for the surface itself, 1 for the tips.
    pub layer: f32,
}

pub(crate) struct Frame {
    /// Side of the supersampled frame.
    pub side: usize,
    pub fragments: Vec<Fragment>,
    /// Depth seen from the key light.
    pub shadow: Shadow,
    pub camera: Camera,
}

/// Supersampling a side.
pub(crate) const SAMPLES: usize = 2;
const SHADOW_SIDE: usize = 640;
const LAYERS: usize = 14;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Camera {
    centre: V3,
    yaw: f32,
    pitch: f32,
    roll: f32,
    distance: f32,
    focal: f32,
    shift: (f32, f32),
}

impl Camera {
    fn new(body: &Body, view: &View) -> Self {
        let eyes = (body.eyes[0] + body.eyes[1]) * 0.5;
        // Half of the frame spans about 1.75 dm at the face.
        let focal = view.distance / 1.75 * view.framing;
        Self {
            centre: eyes + v3(0.0, -0.13, -0.55),
            yaw: view.yaw,
            pitch: view.pitch,
            roll: view.roll,
            distance: view.distance,
            focal,
            shift: view.shift,
        }
    }

    /// Position in the camera's frame: x right in the picture, y up, z toward the camera.
    pub fn place(&self, p: V3) -> V3 {
        rotate(p - self.centre, self.yaw, self.pitch, self.roll)
    }

    /// Direction in the camera's frame.
    pub fn turn(&self, d: V3) -> V3 {
        rotate(d, self.yaw, self.pitch, self.roll)
    }

    /// Frame coordinates and inverse depth of a placed point.
    fn project(&self, p: V3, side: f32) -> (f32, f32, f32) {
        let w = 1.0 / (self.distance - p.z);
        let x = 0.5 + 0.5 * (self.focal * p.x * w + self.shift.0);
        let y = 0.5 - 0.5 * (self.focal * p.y * w + self.shift.1);
        (x * side, y * side, w)
    }

    pub fn eye(&self) -> V3 {
        v3(0.0, 0.0, self.distance)
    }
}

pub(crate) struct Shadow {
    depth: Vec<f32>,
    right: V3,
    up: V3,
    toward: V3,
}

const SHADOW_SPAN: f32 = 2.6;

impl Shadow {
    fn new(key: V3) -> Self {
        let toward = key.unit();
        let right = v3(0.0, 1.0, 0.0).cross(toward).unit();
        Self { depth: vec![f32::MIN; SHADOW_SIDE * SHADOW_SIDE], right, up: toward.cross(right), toward }
    }

    fn map(&self, p: V3) -> (f32, f32, f32) {
        let side = SHADOW_SIDE as f32;
        let x = (p.dot(self.right) / SHADOW_SPAN * 0.5 + 0.5) * side;
        let y = (0.5 - p.dot(self.up) / SHADOW_SPAN * 0.5) * side;
        (x, y, p.dot(self.toward))
    }

    /// Share of the key light that reaches `p`, softened over a few texels.
    pub fn lit(&self, p: V3) -> f32 {
        let (x, y, z) = self.map(p);
        let mut open = 0.0f32;
        let mut weight = 0.0f32;
        for dy in -3i32..=3 {
            for dx in -3i32..=3 {
                let (tx, ty) = (x + dx as f32 * 2.2, y + dy as f32 * 2.2);
                let w = 1.0 / (1.0 + (dx * dx + dy * dy) as f32 * 0.25);
                weight += w;
                let inside = tx >= 0.0 && ty >= 0.0 && tx < SHADOW_SIDE as f32 && ty < SHADOW_SIDE as f32;
                let blocked = inside && self.depth[ty as usize * SHADOW_SIDE + tx as usize] > z + 0.045;
                if !blocked {
                    open += w;
                }
            }
        }
        open / weight
    }
}

/// A triangle on the screen: corners in pixels with inverse depth (or depth for the light).
fn scan(corners: [(f32, f32, f32); 3], side: usize, mut visit: impl FnMut(usize, f32, f32, f32)) {
    let [(x0, y0, w0), (x1, y1, w1), (x2, y2, w2)] = corners;
    let area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
    if area.abs() < 1e-6 {
        return;
    }
    let span = |a: f32, b: f32, c: f32| {
        let low = a.min(b).min(c).floor().max(0.0) as usize;
        let high = a.max(b).max(c).ceil().clamp(0.0, side as f32) as usize;
        low..high
    };
    let inverse = 1.0 / area;
    for y in span(y0, y1, y2) {
        for x in span(x0, x1, x2) {
            let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
            let b = ((px - x0) * (y2 - y0) - (x2 - x0) * (py - y0)) * inverse;
            let c = ((x1 - x0) * (py - y0) - (px - x0) * (y1 - y0)) * inverse;
            if b >= 0.0 && c >= 0.0 && b + c <= 1.0 {
                visit(y * side + x, b, c, w0 + b * (w1 - w0) + c * (w2 - w0));
            }
        }
    }
}

/// Visibility: which surface or hair layer each sample of the frame shows.
pub(crate) fn draw(assets: &Assets, identity: &Identity, body: &Body, view: &View, size: u32) -> Frame {
    let side = size as usize * SAMPLES;
    let camera = Camera::new(body, view);
    let empty = Fragment { depth: 0.0, triangle: u32::MAX, b: 0.0, c: 0.0, layer: 0.0 };
    let mut fragments = vec![empty; side * side];
    let mut shadow = Shadow::new(view.key);
    let placed: Vec<V3> = body.positions.iter().map(|p| camera.place(*p)).collect();
    let normals: Vec<V3> = body.normals.iter().map(|n| camera.turn(*n)).collect();
    let style = hair::Hairdo::new(identity);

    for (index, t) in assets.triangles.iter().enumerate() {
        let v = t.corners.map(|c| c.vertex as usize);
        let rest = v.map(|i| assets.rest[i]);
        if t.material == Material::LongHair && !style.has_long_hair() {
            continue;
        }
        let lift = match t.material {
            Material::Cloth => 0.035,
            _ => 0.0,
        };
        let hairy = t.material == Material::Skin && rest.iter().any(|r| style.reaches(*r));
        let layers = if hairy { LAYERS } else { 0 };
        // From the tips down, so that what a nearer strand hides is not looked at.
        for layer in (0..=layers).rev() {
            let height = if layers == 0 { 0.0 } else { layer as f32 / layers as f32 };
            let at = [0, 1, 2].map(|i| {
                let thickness = if layer == 0 { lift } else { lift + style.thickness(rest[i]) * height };
                placed[v[i]] + normals[v[i]] * thickness + camera.turn(style.lean(rest[i]) * (height * height))
            });
            if layer % 4 == 0 && t.material != Material::Lash {
                let corners = at.map(|p| shadow.map(p));
                let keep = |b: f32, c: f32| {
                    let p = rest[0] + (rest[1] - rest[0]) * b + (rest[2] - rest[0]) * c;
                    style.keeps(t.material, p, height)
                };
                scan(corners, SHADOW_SIDE, |pixel, b, c, z| {
                    if z > shadow.depth[pixel] && keep(b, c) {
                        shadow.depth[pixel] = z;
                    }
                });
            }
            let corners = at.map(|p| camera.project(p, side as f32));
            // Only the skin is closed: the rest shows both sides.
            let [a, b, c] = corners;
            let facing = (b.0 - a.0) * (c.1 - a.1) - (c.0 - a.0) * (b.1 - a.1);
            if facing >= 0.0 && matches!(t.material, Material::Skin | Material::Eye { .. } | Material::Cloth) {
                continue;
            }
            let [w0, w1, w2] = corners.map(|c| c.2);
            scan(corners, side, |pixel, b, c, w| {
                if w <= fragments[pixel].depth {
                    return;
                }
                // Perspective-correct weights.
                let (b, c) = (b * w1 / w, c * w2 / w);
                debug_assert!(w0 > 0.0);
                let p = rest[0] + (rest[1] - rest[0]) * b + (rest[2] - rest[0]) * c;
                if style.keeps(t.material, p, height) {
                    fragments[pixel] = Fragment { depth: w, triangle: index as u32, b, c, layer: height };
                }
            });
        }
    }
    Frame { side, fragments, shadow, camera }
}
