//! Which of several faces a photograph was taken of.

/// Which of several faces (`[x, y, width, height]` in pixels) a photograph of `size` pixels was taken of: the one whose area,
/// weighed by how near its middle is to the photograph's (1 in the middle, 0 in a corner), is largest. The face that a
/// detector is surest of is often a bystander's.
pub fn whom_it_shows(faces: &[[f32; 4]], size: (u32, u32)) -> Option<usize> {
    let (width, height) = (size.0 as f32, size.1 as f32);
    let corner = width.hypot(height) / 2.0;
    let weight = |[x, y, w, h]: [f32; 4]| {
        let off = (x + w / 2.0 - width / 2.0).hypot(y + h / 2.0 - height / 2.0);
        w * h * (1.0 - off / corner.max(1.0)).max(0.0)
    };
    let weighed = faces.iter().enumerate().map(|(at, face)| (at, weight(*face)));
    weighed.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photograph_shows_whoever_is_in_its_middle_and_large() {
        let (bystander, shown) = ([10.0, 10.0, 90.0, 90.0], [250.0, 150.0, 100.0, 100.0]);
        assert_eq!(whom_it_shows(&[bystander, shown], (600, 400)), Some(1));
        assert_eq!(whom_it_shows(&[shown, bystander], (600, 400)), Some(0));
        // Small and in the middle is less than large and a little beside it.
        assert_eq!(whom_it_shows(&[[290.0, 190.0, 20.0, 20.0], [150.0, 100.0, 120.0, 120.0]], (600, 400)), Some(1));
        assert_eq!(whom_it_shows(&[shown, shown], (600, 400)), Some(0), "of two alike the first");
        assert_eq!(whom_it_shows(&[], (600, 400)), None);
    }
}
